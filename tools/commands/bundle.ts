/**
 * @module
 * `glam bundle`: a user's own ONNX graphs become a model bundle.
 */
import { Command } from "commander";
import { runtimeOf } from "../../src/edge/inference/by-format.ts";
import { capMemory } from "../../src/edge/inference/ort/memory-cap.ts";
import { checkPorts, portsOf } from "../bundle/own-onnx/check-ports.ts";
import { numberFormat, readGraph } from "../bundle/own-onnx/read-graph.ts";
import { type Extent, tryNetworks } from "../bundle/own-onnx/try-networks.ts";
import { fileCanvas, phantomCanvases } from "../import/canvases.ts";
import { readInput } from "../import/read-input.ts";
import { readSpec } from "../import/read-spec.ts";
import { addManifestOptions, bundleName, type ManifestOptions, writeNamedBundle } from "./manifest-options.ts";

type BundleOptions = ManifestOptions & {
  global: string;
  local: string;
  spec: string;
  try?: string[];
};

/** A range of seeds that trainings, demos and `glam import` do not use. */
const trialSeed = 43_000_000;

/** As large as WebAssembly allows: the memory is measured, not limited. */
const unlimited = 65536 * 65536;

/** Largest file among a Worker's static assets, and the default of MEMORY_LIMIT_MB. */
const largestAsset = 25 * 1024 * 1024;
const standardLimit = 96;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function describe({ output, low, high }: Extent): string {
  const constant = low === high ? "; the same everywhere: is this the trained network?" : "";
  return `  ${output}: ${low.toFixed(4)} to ${high.toFixed(4)}${constant}`;
}

/** Warnings of what would fail in a Worker. */
function* advise(files: { global: Uint8Array; local: Uint8Array }, heap: number | undefined): Generator<string> {
  for (const [which, { length }] of Object.entries(files)) {
    if (length <= largestAsset) continue;
    yield `warning: the ${which} network has ${mebibytes(length)} MiB; Cloudflare serves assets up to 25 MiB. Quantise it.`;
  }
  if (heap === undefined) return;
  yield `onnxruntime-web's memory with both networks: ${mebibytes(heap)} MiB; a Worker has MEMORY_LIMIT_MB (${standardLimit})`;
  if (heap > standardLimit * 1024 * 1024) {
    yield "warning: that is more than the default limit. Use a smaller canvas or crop, or glam import --runtime simd.";
  }
}

async function run(options: BundleOptions): Promise<void> {
  const spec = await readSpec(options.spec);
  bundleName(options, spec);
  const files = {
    global: new Uint8Array(await readInput(options.global, "global network")),
    local: new Uint8Array(await readInput(options.local, "local network")),
  };
  const ports = portsOf(spec);
  const own = (["global", "local"] as const).filter((which) => runtimeOf(files[which]) === "ort");
  const graphs = own.map((which) => {
    const graph = readGraph(files[which], which);
    checkPorts(which, graph, ports[which]);
    return graph;
  });
  const canvases = await Promise.all((options.try ?? []).map((file) => fileCanvas(file, spec)));
  const cap = capMemory(unlimited);
  const extents = await tryNetworks(
    files,
    spec,
    canvases.length > 0 ? canvases : phantomCanvases(spec, 1, trialSeed),
  ).finally(cap.remove);
  print(
    `both networks fit ${spec.name} and run; on ${canvases.length || "one phantom"}${canvases.length ? " images" : ""}:`,
  );
  for (const extent of extents) print(describe(extent));
  // The engine makes memories of its own.
  const heap = own.length === 2 ? cap.memory()?.buffer.byteLength : undefined;
  for (const line of advise(files, heap)) print(line);

  const quantisation = {
    kind: own.length === 2 ? numberFormat(graphs) : ("weights-int8" as const),
    calibrationImages: 0,
  };
  const folder = await writeNamedBundle({ spec, quantisation, files }, options, print);
  print(`wrote ${folder}: ${((files.global.length + files.local.length) / 1024).toFixed(0)} KiB in two networks`);
}

/** @returns the command `glam bundle` */
export function bundleCommand(): Command {
  const command = new Command("bundle")
    .summary("make a model bundle from your own ONNX graphs")
    .description(
      "Checks inputs, outputs and shapes of both graphs against the spec, runs them in onnxruntime-web on a canvas and its crops, " +
        "refuses outputs that are not probabilities, and writes model.json and both files with their hashes.",
    )
    .requiredOption("--global <file>", "ONNX: image [1,1,H,W] in; s1, s2, s3 [1,2,h,w] out")
    .requiredOption("--local <file>", "ONNX: crop [1,1,side,side] in; map [1,2,side',side'] out")
    .requiredOption("--spec <name|file.json>", "spec of the model: a name in specs/ or a JSON file")
    .option("--out <dir>", "folder of the bundle (default: models/<name>)")
    .option("--try <image...>", "preprocessed grey PNGs to run the networks on (default: one phantom)");
  return addManifestOptions(command).action(run);
}
