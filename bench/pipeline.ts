/**
 * @module
 * `npm run bench -- pipeline`: the shipped model on one phantom, through HTTP, timed at the caller: a deployed Worker
 * cannot time itself. All rows are interleaved in one run, so that their ratios hold on a noisy machine.
 */
import { readySchema } from "../src/contract/index.ts";
import { encodeTiles } from "../src/device/client/encode-tiles.ts";
import { loadModel, segmentCanvas } from "../src/device/client/index.ts";
import type { Canvas } from "../src/glam/contracts.ts";
import { generatePhantom } from "../src/phantom/index.ts";
import { type LocalWorker, startLocalWorker } from "../tools/local-worker.ts";
import { median, spread } from "./statistics.ts";

/** Crops of the rows that measure a whole request. */
const REGIONS = 6;
const FANOUT_TOKEN = "only-for-this-benchmark";
const MIB = 2 ** 20;

/** One line of the table. */
type Row = { name: string; milliseconds: number; spread: number; ratio: number; memoryMiB: number; sentKiB: number };

/** Runs the benchmark and prints its rows. */
export async function benchPipeline(options: { repeat: number; json: boolean }): Promise<void> {
  const workers: LocalWorker[] = [];
  const start = async (vars: Record<string, string>) => {
    const worker = await startLocalWorker({ vars });
    workers.push(worker);
    return worker;
  };
  try {
    const inline = await start({ FANOUT: "inline" });
    const shards = [await start({ FANOUT: "inline", FANOUT_TOKEN }), await start({ FANOUT: "inline", FANOUT_TOKEN })];
    const FANOUT_URLS = shards.map(({ url }) => url.href).join(",");
    const front = await start({ FANOUT: "https", FANOUT_URLS, FANOUT_TOKEN });
    const { spec, name, version } = (await loadModel(inline)).manifest;
    const { height, width } = spec.canvas;
    const phantom = generatePhantom({ seed: 2, height, width, bits: 8, view: "L-MLO", lesions: 2 });
    const tiles = await encodeTiles(phantom, { height: 512, width: 512 }, "jpeg", undefined);
    const send = (worker: LocalWorker) => time(worker, phantom);

    console.log(`model ${name} ${version}, canvas ${height} x ${width}, crop ${spec.crop}, ${REGIONS} regions`);
    for (const worker of [inline, front]) await send(worker);
    const timings: Timing[] = [];
    const parallel: Timing[] = [];
    for (let i = 0; i < options.repeat; i++) {
      timings.push(await send(inline));
      parallel.push(await send(front));
      process.stderr.write(`${i + 1} of ${options.repeat}\n`);
    }
    const sentKiB = tiles.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024;
    const cropKiB = spec.crop ** 2 / 1024;
    const whole = median(timings.map(({ total }) => total));
    const row = (name: string, values: number[], memoryMiB: number, sent: number): Row => ({
      name,
      milliseconds: median(values),
      spread: spread(values),
      ratio: median(values) / whole,
      memoryMiB,
      sentKiB: sent,
    });
    const alone = await memory(inline);
    const apart = Math.max(await memory(front), ...(await Promise.all(shards.map(memory))));
    const rows = [
      row(
        "global network",
        timings.map(({ global }) => global),
        alone,
        sentKiB,
      ),
      row(
        "one crop",
        timings.map(({ crops }) => crops / REGIONS),
        alone,
        cropKiB,
      ),
      row(
        "whole request, inline",
        timings.map(({ total }) => total),
        alone,
        sentKiB,
      ),
      row(
        "whole request, 2 crop processes",
        parallel.map(({ total }) => total),
        apart,
        sentKiB + REGIONS * cropKiB,
      ),
    ];
    print(rows);
    if (options.json) console.log(JSON.stringify({ rows }));
  } finally {
    for (const worker of workers) await worker.stop();
  }
}

/** Milliseconds of one request: until regions are known, from then to the last crop, and in all. */
type Timing = { global: number; crops: number; total: number };

async function time(worker: LocalWorker, { height, width, pixels }: Canvas): Promise<Timing> {
  const request = { view: "L-MLO", regions: REGIONS } as const;
  const run = segmentCanvas({ canvas: { height, width, pixels } }, request, { url: worker.url, upload: "direct" });
  // Cutting and encoding come first and do not count.
  await run.next();
  const began = performance.now();
  let accepted = began;
  let global = began;
  let lastCrop = began;
  for await (const { event } of run) {
    const now = performance.now();
    if (event === "accepted") accepted = now;
    if (event === "global") global = now;
    if (event === "region") lastCrop = now;
  }
  return { global: global - accepted, crops: lastCrop - global, total: performance.now() - began };
}

/** Linear memory of a process's networks, MiB; it never shrinks, so this is the peak. */
async function memory({ url }: LocalWorker): Promise<number> {
  const ready = readySchema.parse(await (await fetch(new URL("/v1/health/ready", url))).json());
  return ready.memory.linearBytes / MIB;
}

function print(rows: Row[]): void {
  console.log("| row | median ms | spread | of the whole | wasm memory MiB | bytes sent KiB |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const { name, milliseconds, spread: share, ratio, memoryMiB, sentKiB } of rows) {
    const cells = [
      milliseconds.toFixed(0),
      `${(100 * share).toFixed(0)} %`,
      ratio.toFixed(2),
      memoryMiB.toFixed(1),
      sentKiB.toFixed(0),
    ];
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}
