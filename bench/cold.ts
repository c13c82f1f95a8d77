/**
 * @module
 * `npm run bench -- cold`: what a fresh isolate costs beside what it computes, with onnxruntime-web in the Worker and without.
 * Each round starts a process of either configuration and one of a Worker that does nothing; what its start takes longer is
 * what loading our script takes.
 */
import { resolve } from "node:path";
import { segmentationSchema } from "../src/contract/index.ts";
import { type BareWorker, startBareWorker } from "../test/support/bare-worker.ts";
import { honestRequest } from "./attacks/honest-request.ts";
import { startPlainWorker } from "./attacks/plain-worker.ts";
import { workerdMemory } from "./resident-memory.ts";
import { median, spread } from "./statistics.ts";

/** Later answers that the first one is compared with. */
const WARM = 4;
const MIB = 2 ** 20;

const configurations = ["wrangler.toml", "wrangler.simd.toml"] as const;

/** One process: milliseconds, and resident MiB before its first answer. */
type Cold = { start: number; first: number; warm: number; residentMiB: number };

/** Milliseconds of a piece of work, and what it gave. */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

/** Milliseconds until a Worker's process has answered something that needs no computing. */
async function startOf({ url, startMs }: Pick<BareWorker, "url" | "startMs">): Promise<number> {
  const ask = async () => (await fetch(new URL("/v1/health/live", url), { method: "POST", body: "" })).arrayBuffer();
  return startMs + (await timed(ask))[0];
}

async function plainStart(): Promise<number> {
  const worker = await startPlainWorker();
  const milliseconds = await startOf(worker);
  await worker.stop();
  return milliseconds;
}

async function cold(config: (typeof configurations)[number]): Promise<Cold> {
  const worker = await startBareWorker({ FANOUT: "inline" }, { config, models: resolve("models") });
  try {
    const milliseconds = await startOf(worker);
    const residentMiB = Math.max(...(await workerdMemory()).values()) / MIB;
    const ask = await honestRequest(worker.url);
    const answer = async () => {
      const body: unknown = await (await ask({})).json();
      if (segmentationSchema.parse(body).status !== "complete") throw new Error("A region failed.");
    };
    const [first] = await timed(answer);
    const later: number[] = [];
    for (let i = 0; i < WARM; i++) later.push((await timed(answer))[0]);
    return { start: milliseconds, first, warm: median(later), residentMiB };
  } finally {
    await worker.stop();
  }
}

/** Runs the benchmark and prints its rows. */
export async function benchCold({ repeat, json }: { repeat: number; json: boolean }): Promise<void> {
  // Bundles are made once, before anything is timed.
  for (const config of configurations) await cold(config);
  const found = configurations.map((config) => ({ config, rounds: [] as Cold[], plain: [] as number[] }));
  for (let i = 0; i < repeat; i++) {
    for (const { config, rounds, plain } of found) {
      plain.push(await plainStart());
      rounds.push(await cold(config));
    }
    process.stderr.write(`${i + 1} of ${repeat}\n`);
  }
  const rows = found.map(({ config, rounds, plain }) => {
    const started = rounds.map(({ start }, i) => start - plain[i]);
    const firsts = rounds.map(({ first, warm }) => first - warm);
    const warm = rounds.map(({ warm }) => warm);
    const residentMiB = median(rounds.map((one) => one.residentMiB));
    return {
      config,
      start: median(started),
      first: median(firsts),
      warm: median(warm),
      spread: spread(warm),
      residentMiB,
    };
  });
  for (const { config, start, first, warm, spread, residentMiB } of rows) {
    console.log(
      `${config.padEnd(20)} start ${start.toFixed(0).padStart(4)} ms more than a Worker that does nothing, ` +
        `first answer ${first.toFixed(0).padStart(4)} ms more than later ones (${warm.toFixed(0)} ms, spread ` +
        `${(spread * 100).toFixed(0)} %), ${residentMiB.toFixed(0)} MiB resident before it`,
    );
  }
  if (json) console.log(JSON.stringify({ rows }));
}
