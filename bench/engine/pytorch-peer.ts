/**
 * @module
 * PyTorch in a process of its own, for as long as the benchmark lasts. Debian's python3 has it (`python3-torch`).
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { BenchModel } from "./model.ts";
import type { Peer } from "./peer.ts";

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));

/** @returns undefined when there is no PyTorch */
export async function pytorchPeer({ spec, which }: BenchModel, clock: "wall" | "cpu"): Promise<Peer | undefined> {
  const env = { ...process.env, OMP_NUM_THREADS: "1" };
  const child = spawn("/usr/bin/python3", [script, JSON.stringify(spec), which, clock], {
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  // Without python3 there is an error event and then no line.
  child.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value as string | undefined;
  if ((await answer()) !== "ready") return undefined;
  return {
    name: "pytorch",
    async run() {
      child.stdin.write("\n");
      return Number(await answer());
    },
    close: async () => void child.kill(),
  };
}
