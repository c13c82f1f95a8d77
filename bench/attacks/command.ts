/**
 * @module
 * `npm run bench -- attacks`: how a Worker with the shipped model behaves under attack.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readySchema, segmentationSchema } from "../../src/contract/index.ts";
import { startBareWorker } from "../../test/support/bare-worker.ts";
import { workerdMemory } from "../resident-memory.ts";
import { crowd, jainIndex } from "./crowd.ts";
import { honestRequest } from "./honest-request.ts";
import { openIdle } from "./idle-connections.ts";
import { startPlainWorker } from "./plain-worker.ts";
import { askSteadily, startSlowSenders } from "./slow-senders.ts";

const MIB = 2 ** 20;
const SECOND = 1000;

/** What is measured, and how much of it. */
export type AttackOptions = { seconds: number; senders: number; connections: number; callers: number; json: boolean };

/** Runs the attacks and prints a line for each. */
export async function benchAttacks({ seconds, senders, connections, callers, json }: AttackOptions): Promise<void> {
  const worker = await startBareWorker(
    { FANOUT: "inline" },
    {
      models: fileURLToPath(new URL("../../models", import.meta.url)),
    },
  );
  try {
    const ask = await honestRequest(worker.url);
    const segmentations = new URL("/v1/segmentations", worker.url);
    const ready = async () => readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json());
    const began = performance.now();
    for (let i = 0; i < 3; i++) await ask({});
    console.log(`one request takes ${((performance.now() - began) / 3 / SECOND).toFixed(2)} s`);

    const idle = await grownBy(segmentations, connections);
    const counted = (await ready()).memory.bufferBytes;
    idle.end();
    const plain = await startPlainWorker();
    const floor = await grownBy(plain.url, connections);
    floor.end();
    await plain.stop();
    console.log(
      `${connections} connections with 164 bytes: ${(counted / MIB).toFixed(1)} MiB counted; the process grew by ` +
        `${(idle.bytes / MIB).toFixed(1)} MiB, that of a Worker which only reads by ${(floor.bytes / MIB).toFixed(1)} MiB`,
    );
    await sleep(2 * SECOND);

    const attack = startSlowSenders(segmentations, senders, Math.round(31.6 * MIB));
    await sleep(5 * SECOND);
    const everyMs = 3 * SECOND;
    const asked = Math.round((seconds * SECOND) / everyMs);
    const isAnswer = async () => {
      const response = await ask({});
      return response.ok && segmentationSchema.parse(await response.json()).status === "complete";
    };
    const answered = await askSteadily(isAnswer, asked, everyMs);
    await attack.stop();
    const { peakBytes } = (await ready()).memory;
    console.log(
      `${senders} slow senders of 31.6 MiB: ${answered} of ${asked} honest requests answered, ${attack.ends.length} bodies dropped, ` +
        `peak ${(peakBytes / MIB).toFixed(1)} MiB`,
    );
    await sleep(2 * SECOND);

    const end = performance.now() + seconds * SECOND;
    const { answers, refusals } = await crowd(ask, callers, () => performance.now() > end);
    const jain = jainIndex(answers);
    console.log(
      `${callers} callers for ${seconds} s: ${answers.join(" ")} answers, ${refusals} refusals, Jain index ${jain.toFixed(3)}`,
    );
    if (json)
      console.log(
        JSON.stringify({
          counted,
          grown: idle.bytes,
          floor: floor.bytes,
          answered,
          asked,
          peakBytes,
          answers,
          refusals,
          jain,
        }),
      );
  } finally {
    await worker.stop();
  }
}

/** Opens connections that stall after 164 bytes, and measures how much workerd's processes grow. */
async function grownBy(url: URL, connections: number): Promise<{ bytes: number; end(): void }> {
  const resident = async () => [...(await workerdMemory()).values()].reduce((a, b) => a + b, 0);
  const before = await resident();
  const open = await openIdle(url, connections, 164);
  await sleep(SECOND);
  return {
    bytes: (await resident()) - before,
    end() {
      for (const { socket } of open) socket.destroy();
    },
  };
}
