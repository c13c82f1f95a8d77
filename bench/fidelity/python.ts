/**
 * @module
 * The scripts of `training/` in processes of their own. Debian's python3 has PyTorch (`python3-torch`).
 */
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The interpreter; another one can be named. */
export const python = process.env.PYTHON ?? "/usr/bin/python3";

const env = { ...process.env, OMP_NUM_THREADS: "1" };
const script = (name: string): string => fileURLToPath(new URL(`../../training/${name}`, import.meta.url));

/** Whether this Python can run them. */
export async function hasPytorch(): Promise<boolean> {
  return promisify(execFile)(python, ["-c", "import numpy, torch"]).then(
    () => true,
    () => false,
  );
}

/** @throws with what the script wrote when it fails */
export async function runScript(name: string, args: string[]): Promise<void> {
  await promisify(execFile)(python, [script(name), ...args], { env });
}

/** A script that answers every line of JSON with one. */
export type Conversation = { ask(request: object): Promise<unknown>; close(): Promise<void> };

/** @throws when the script ends before it says "ready" */
export async function converse(name: string, args: string[]): Promise<Conversation> {
  const child = spawn(python, [script(name), ...args], { env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    // Without Python there is an error event; then no line comes, which is what is reported.
    child.once("error", () => resolve());
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended early; does ${python} have numpy and torch?`);
    return value;
  };
  if ((await answer()) !== "ready") throw new Error(`${name} did not start`);
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return JSON.parse(await answer());
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
