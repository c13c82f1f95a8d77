/**
 * @module
 * `npm run bench -- full-size`: whole requests at 2944 x 1920 with seeded random weights, timed at the caller. One process
 * that does everything, and a coordinator that runs the global network and sends crops to one or two other processes.
 */
import { readySchema } from "../src/contract/index.ts";
import { segmentCanvas } from "../src/device/client/index.ts";
import type { Canvas } from "../src/glam/contracts.ts";
import { generatePhantom } from "../src/phantom/index.ts";
import { randomBundle } from "../test/support/random-bundle.ts";
import { readSpec } from "../test/support/specs.ts";
import { type LocalWorker, startLocalWorker } from "../tools/local-worker.ts";
import { workerdMemory } from "./resident-memory.ts";
import { median, spread } from "./statistics.ts";

const NAME = "glam-2944x1920";
const FANOUT_TOKEN = "only-for-this-benchmark";

/** A process, its resident memory before its first request, and its address. */
type Process = { name: string; worker: LocalWorker; pids: number[]; idle: number };

/**
 * Milliseconds of one request, and of its crops: from the event `global` to the last region. A process that computes sends
 * nothing, so the crops of a single process cannot be timed apart.
 */
type Timing = { total: number; crops: number };

/** A row: what is asked of whom. */
type Row = { name: string; to: Process; regions: number; timings: Timing[] };

const resident = async (pids: readonly number[]): Promise<number> => {
  const all = await workerdMemory();
  return pids.reduce((sum, pid) => sum + (all.get(pid) ?? 0), 0);
};

/** Starts a Worker and finds out which processes are its own. */
async function launch(name: string, model: string, vars: Record<string, string>): Promise<Process> {
  const before = await workerdMemory();
  const patience = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000" };
  const worker = await startLocalWorker({ model, build: "simd", vars: { ...patience, FANOUT_TOKEN, ...vars } });
  await fetch(new URL("/v1/health/ready", worker.url)).then((response) => response.text());
  const pids = [...(await workerdMemory()).keys()].filter((pid) => !before.has(pid));
  return { name, worker, pids, idle: await resident(pids) };
}

async function time({ worker }: Process, regions: number, canvas: Canvas): Promise<Timing> {
  const options = { url: worker.url, encoding: "jpeg", upload: "direct", retries: 0 } as const;
  const run = segmentCanvas({ canvas }, { view: "L-MLO", regions }, options);
  // Cutting and encoding come first and do not count.
  await run.next();
  const began = performance.now();
  let global = began;
  let last = began;
  for await (const event of run) {
    if (event.event === "global") global = performance.now();
    if (event.event === "region") last = performance.now();
  }
  const { status } = await run;
  if (status !== "complete") throw new Error("a region failed");
  return { total: performance.now() - began, crops: last - global };
}

async function peak({ worker }: Process): Promise<{ peakBytes: number; linearBytes: number }> {
  return readySchema.parse(await (await fetch(new URL("/v1/health/ready", worker.url))).json()).memory;
}

/** Runs the benchmark and prints its rows. */
export async function benchFullSize(options: { repeat: number; json: boolean }): Promise<void> {
  const bundle = await randomBundle(readSpec(NAME));
  const processes: Process[] = [];
  const start = async (name: string, vars: Record<string, string>) => {
    const made = await launch(name, bundle.folder, vars);
    processes.push(made);
    return made;
  };
  try {
    const phantom = generatePhantom({ seed: 2, ...readSpec(NAME).canvas, bits: 8, view: "L-MLO", lesions: 2 });
    const crops = [await start("crops 1", { FANOUT: "inline" }), await start("crops 2", { FANOUT: "inline" })];
    const urls = crops.map(({ worker }) => worker.url.href);
    const toOne = await start("coordinator of 1", { FANOUT: "https", FANOUT_URLS: urls[0] });
    const toTwo = await start("coordinator of 2", { FANOUT: "https", FANOUT_URLS: urls.join(",") });
    // Their crops alone, before one of them does everything.
    await time(toOne, 1, phantom);
    await time(toTwo, 2, phantom);
    const isolates = await Promise.all(
      [toOne, crops[1]].map(async (one) => ({
        name: one === toOne ? "global network" : "local network",
        ...(await peak(one)),
        residentGrowth: (await resident(one.pids)) - one.idle,
      })),
    );
    const rows: Row[] = [
      { name: "K = 1, one process", to: crops[0], regions: 1, timings: [] },
      { name: "K = 6, one process", to: crops[0], regions: 6, timings: [] },
      { name: "K = 6, coordinator, 1 crop process", to: toOne, regions: 6, timings: [] },
      { name: "K = 6, coordinator, 2 crop processes", to: toTwo, regions: 6, timings: [] },
    ];
    await time(crops[0], 1, phantom);
    for (let i = 0; i < options.repeat; i++) {
      for (const row of rows) row.timings.push(await time(row.to, row.regions, phantom));
      process.stderr.write(`${i + 1} of ${options.repeat}\n`);
    }
    const both = { name: "both networks", ...(await peak(crops[0])), residentGrowth: undefined };
    report(rows, [...isolates, both], options.json);
  } finally {
    for (const { worker } of processes) await worker.stop();
    await bundle.remove();
  }
}

/** Bytes of one isolate: counted, and how much more the system says its process takes than before its first request. */
type Isolate = { name: string; peakBytes: number; linearBytes: number; residentGrowth: number | undefined };

function report(rows: Row[], isolates: Isolate[], json: boolean): void {
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? "" : (bytes / 1e6).toFixed(1));
  console.log("\n| request | median ms | spread | crops ms |\n| --- | ---: | ---: | ---: |");
  const measured = rows.map(({ name, regions, timings }) => {
    const totals = timings.map(({ total }) => total);
    const crops = name.includes("coordinator") ? median(timings.map((one) => one.crops)) : undefined;
    const result = { name, regions, milliseconds: median(totals), spread: spread(totals), crops };
    const cells = [result.milliseconds.toFixed(0), `${(100 * result.spread).toFixed(0)} %`, crops?.toFixed(0) ?? ""];
    console.log(`| ${name} | ${cells.join(" | ")} |`);
    return result;
  });
  const [, alone, one, two] = measured;
  const speedup = {
    crops: (one.crops ?? 0) / (two.crops ?? 1),
    request: one.milliseconds / two.milliseconds,
    againstOneProcess: alone.milliseconds / two.milliseconds,
  };
  console.log(`\n6 crops on 2 processes against 1: ${speedup.crops.toFixed(2)} times faster`);
  console.log(`the whole request: ${speedup.request.toFixed(2)} times faster than with 1 crop process,`);
  console.log(`${speedup.againstOneProcess.toFixed(2)} times faster than one process that does everything`);
  console.log("\n| isolate | networks and buffers, peak MB | networks MB | growth of the process MB |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const { name, peakBytes, linearBytes, residentGrowth } of isolates) {
    console.log(`| ${name} | ${[peakBytes, linearBytes, residentGrowth].map(megabytes).join(" | ")} |`);
  }
  if (json) console.log(JSON.stringify({ rows: measured, speedup, isolates }));
}
