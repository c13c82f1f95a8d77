/**
 * @module
 * Checkpoint + spec -> the ONNX files of a bundle, float32 and, where asked, quantised.
 */
import type { Canvas } from "../../src/glam/contracts.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { assertLayout } from "../checkpoint/layout.ts";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { emitOnnx } from "../onnx/emit.ts";
import { globalNetwork } from "../onnx/global-network.ts";
import { localNetwork } from "../onnx/local-network.ts";
import { countMacs, type Network } from "../onnx/network.ts";
import { calibrate } from "../onnx/quantise.ts";
import { nodeRuntime } from "../onnx/session.ts";
import { chosenCrops, globalInput, localInput } from "./inputs.ts";
import type { ModelFiles } from "./measure-error.ts";
import { choosePrecision, type PrecisionChoice } from "./precision.ts";

/** Both networks of one checkpoint in float32. */
export type ImportedModel = { spec: Spec; global: Network; local: Network; files: ModelFiles };

/**
 * @throws {CheckpointMismatchError} with everything that does not fit
 */
export function importModel(checkpoint: Checkpoint, spec: Spec): ImportedModel {
  assertLayout(checkpoint, spec);
  const global = globalNetwork(checkpoint, spec);
  const local = localNetwork(checkpoint, spec);
  return { spec, global, local, files: { global: emitOnnx(global), local: emitOnnx(local) } };
}

/** How to quantise. */
export type QuantiseOptions = {
  minimumChannels?: number;
  /** Largest error that a network's outputs may have. */
  target: number;
  /** How many calibration inputs judge the error while layers are chosen. */
  judges: number;
};

/** A quantised model and what was decided per network. */
export type QuantisedModel = { files: ModelFiles; choices: { global: PrecisionChoice; local: PrecisionChoice } };

/** @returns `count` items from all over the list: neighbours are crops of one canvas */
const spread = <T>(items: readonly T[], count: number): T[] => {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, i) => i % step === 0).slice(0, count);
};

async function quantiseNetwork(network: Network, inputs: Float32Array[], options: QuantiseOptions) {
  const calibration = await calibrate(network, inputs, options.minimumChannels);
  return choosePrecision(network, calibration, spread(inputs, options.judges), options.target);
}

/** @param canvases calibration images; the local network sees the crops that the float32 global network chooses */
export async function quantiseModel(
  { spec, global, local, files }: ImportedModel,
  canvases: readonly Canvas[],
  options: QuantiseOptions,
): Promise<QuantisedModel> {
  const network = await nodeRuntime.globalNetwork(files.global, spec);
  const crops: Float32Array[] = [];
  for (const canvas of canvases) crops.push(...(await chosenCrops(canvas, network, spec)).map(localInput));
  await network.release();
  const choices = {
    global: await quantiseNetwork(global, canvases.map(globalInput), options),
    local: await quantiseNetwork(local, crops, options),
  };
  return {
    choices,
    files: {
      global: emitOnnx(global, { quantisation: choices.global.quantisation }),
      local: emitOnnx(local, { quantisation: choices.local.quantisation }),
    },
  };
}

/** @returns lines that say how large a network is and how much of it is quantised */
export function describeNetwork(network: Network, bytes: number, choice?: PrecisionChoice): string[] {
  const macs = countMacs(network);
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + (macs.get(name) ?? 0), 0);
  const total = sum(macs.keys());
  const lines = [`${network.name}: ${(total / 1e9).toFixed(2)} GMAC, ${(bytes / 1024).toFixed(0)} KiB`];
  if (choice) {
    const { convolutions } = choice.quantisation;
    const part = ((100 * sum(convolutions.keys())) / total).toFixed(0);
    lines.push(`  ${convolutions.size} of ${macs.size} convolutions in int8, ${part} % of the work`);
    if (choice.kept.length > 0) lines.push(`  kept in float32 for accuracy: ${choice.kept.join(", ")}`);
  }
  return lines;
}
