/**
 * @module
 * `npm run bench -- engine`: the SIMD engine against onnxruntime-web, onnxruntime-node and PyTorch, one thread each, all of
 * them in turn in every round, so that noise of the machine affects all alike.
 */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { planWithWeights } from "../../src/edge/inference/simd/network.ts";
import { globalShape, localShape } from "../../src/edge/inference/simd/network-shape.ts";
import { readWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import { type Spec, specSchema } from "../../src/glam/spec.ts";
import { median, spread } from "../statistics.ts";
import { fmaPeak } from "./fma-peak.ts";
import { layerRows } from "./layers.ts";
import { type BenchModel, benchModel, type Which } from "./model.ts";
import { clocks, enginePeer, ortNodePeer, ortWebInt8Peer, ortWebPeer, type Peer } from "./peer.ts";
import { pytorchPeer } from "./pytorch-peer.ts";
import { stepRows } from "./steps.ts";
import { workerdPeer } from "./workerd-peer.ts";

/** What the command line gives. */
export type EngineBenchOptions = {
  spec: string;
  rounds: number;
  crop?: number;
  networks: Which[];
  /** Rows to leave out, by name. */
  without: string[];
  /** `cpu`: processor time; a row in workerd has none, and is left out. */
  clock: keyof typeof clocks;
  json: boolean;
};

/** How many times faster the engine is than each peer. */
type Ratios = Record<string, number>;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

async function openPeers(model: BenchModel, { without, clock: name }: EngineBenchOptions): Promise<Peer[]> {
  const clock = clocks[name];
  const makers: [string, () => Promise<Peer | undefined>][] = [
    ["engine", () => enginePeer(model, clock)],
    ["ort-web", () => ortWebPeer(model, clock)],
    ["ort-web-int8", () => ortWebInt8Peer(model, clock)],
    ["ort-node", () => ortNodePeer(model, clock)],
    ["pytorch", () => pytorchPeer(model, name)],
    ["engine in workerd", () => workerdPeer(model, "simd")],
    ["ort-web in workerd", () => workerdPeer(model, "ort")],
    ["ort-web-int8 in workerd", () => workerdPeer(model, "ort-int8")],
  ];
  const peers: Peer[] = [];
  for (const [row, make] of makers) {
    if (without.includes(row) || (name === "cpu" && row.endsWith(" in workerd"))) continue;
    const peer = await make();
    if (peer) peers.push(peer);
    else console.log(`${row} is not installed`);
  }
  return peers;
}

/** Times of every peer, by name. The first round warms up and does not count. */
async function interleave(peers: readonly Peer[], rounds: number): Promise<Map<string, number[]>> {
  const times = new Map(peers.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const peer of peers) {
      const milliseconds = await peer.run();
      if (round > 0) times.get(peer.name)?.push(milliseconds);
    }
  }
  return times;
}

const suffix = " in workerd";

/** The engine in this process against peers outside workerd. */
function ratios(times: Map<string, number[]>): Ratios {
  const own = times.get("engine");
  if (!own) return {};
  const peers = [...times].filter(([name]) => name !== "engine" && !name.endsWith(suffix));
  return Object.fromEntries(peers.map(([name, values]) => [name, median(values) / median(own)]));
}

/** The engine in workerd against peers there, too, where they run there; native ones do not. */
function workerdRatios(times: Map<string, number[]>): Ratios {
  const own = times.get(`engine${suffix}`);
  if (!own) return {};
  const names = [...times.keys()].filter((name) => name !== "engine" && !name.endsWith(suffix));
  return Object.fromEntries(
    names.map((name) => [name, median(times.get(name + suffix) ?? times.get(name) ?? []) / median(own)]),
  );
}

function printTimes(model: BenchModel, times: Map<string, number[]>): void {
  const input = model.which === "global" ? "a phantom" : "noise";
  console.log(
    `\n${model.which} network, ${model.size.join(" x ")}, ${input}, ${model.gmac.toFixed(1)} GMAC, one thread`,
  );
  const own = times.get("engine");
  for (const [name, values] of times) {
    const milliseconds = median(values);
    const speed = `${((model.gmac / milliseconds) * 1000).toFixed(0)} GMAC/s`;
    const ratio = own ? `${(milliseconds / median(own)).toFixed(2)} of the engine's time` : "";
    const time = `${milliseconds.toFixed(0)} ms +-${(spread(values) * 50).toFixed(0)} %`;
    console.log(`  ${name.padEnd(20)}${time.padStart(16)}${speed.padStart(14)}  ${ratio}`);
  }
}

async function printLayers(model: BenchModel, peak: number | undefined): Promise<void> {
  console.log("  per block of layers, direct-equivalent");
  for (const { name, milliseconds, gmacPerSecond, algorithm } of await layerRows(model, 3)) {
    const share = peak === undefined ? "" : `${(gmacPerSecond / peak).toFixed(2)} of the FMA peak`;
    console.log(
      `    ${name.padEnd(20)}${milliseconds.toFixed(1).padStart(9)} ms${gmacPerSecond.toFixed(0).padStart(6)} GMAC/s  ${share}, ${algorithm}`,
    );
  }
}

/** @returns how many times faster each kernel is than the plain function */
async function printSteps(spec: Spec): Promise<Ratios> {
  console.log("  steps around the networks, the plain function and the kernel");
  const ratios: Ratios = {};
  for (const { name, plain, kernel } of await stepRows(spec)) {
    ratios[name] = plain / kernel;
    const times = `${plain.toFixed(2).padStart(8)} ms${kernel.toFixed(2).padStart(8)} ms`;
    console.log(`    ${name.padEnd(36)}${times}  ${ratios[name].toFixed(1)} times faster`);
  }
  return ratios;
}

function printMemory({ which, spec, weights, input }: BenchModel): number {
  const shape = which === "global" ? globalShape(spec) : localShape(spec);
  const { bytes } = planWithWeights(shape, readWeightsFile(weights));
  const sum = bytes + weights.length;
  const parts = `${megabytes(bytes)} linear + ${megabytes(weights.length)} weights`;
  console.log(`  peak ${megabytes(sum)} MB (${parts}), input ${megabytes(input.byteLength)} MB`);
  return sum + input.byteLength;
}

async function gzippedKernels(): Promise<number> {
  return gzipSync(await readFile(new URL("../../wasm/dist/engine-relaxed.wasm", import.meta.url))).length;
}

/** Runs the benchmark and prints its tables. */
export async function benchEngine(options: EngineBenchOptions): Promise<void> {
  const file = new URL(`../../specs/${options.spec}.json`, import.meta.url);
  const released = specSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const spec = options.crop === undefined ? released : { ...released, crop: options.crop };
  const summary: Record<string, Ratios | Record<string, Ratios> | number> = {};
  const inWorkerd: Record<string, Ratios> = {};
  const peak = await fmaPeak();
  if (peak !== undefined) console.log(`FMA peak of one thread, 128-bit relaxed SIMD: ${peak.toFixed(1)} GMAC/s`);
  for (const which of options.networks) {
    const model = benchModel(spec, which);
    const peers = await openPeers(model, options);
    try {
      const times = await interleave(peers, options.rounds);
      printTimes(model, times);
      for (const peer of peers) {
        if ("coldStart" in peer)
          console.log(`  first answer of a fresh isolate, ${peer.name}: ${Number(peer.coldStart).toFixed(0)} ms`);
      }
      summary[which] = ratios(times);
      inWorkerd[which] = workerdRatios(times);
    } finally {
      for (const peer of peers) await peer.close();
    }
    summary[`${which}PeakBytes`] = printMemory(model);
    await printLayers(model, peak);
    if (which === "global") summary.steps = await printSteps(spec);
  }
  console.log(`\nkernels: ${await gzippedKernels()} bytes gzipped`);
  if (options.json) console.log(JSON.stringify({ ...summary, workerd: inWorkerd, fmaPeak: peak }));
}
