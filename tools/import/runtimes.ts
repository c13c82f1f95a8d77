/**
 * @module
 * Which runtime a network is imported for, and its files for the SIMD engine.
 */

import { mapBytes } from "../../src/edge/inference/simd/feature-map.ts";
import { globalShape, localShape, type NetworkShape } from "../../src/edge/inference/simd/network-shape.ts";
import { planNetwork } from "../../src/edge/inference/simd/plan.ts";
import { writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { packWeights, type WeightFormat } from "../engine/pack-weights.ts";
import type { ImportedModel } from "./import-model.ts";
import type { ModelFiles } from "./measure-error.ts";

/** Runtime of each network. */
export type RuntimeChoice = { global: "ort" | "simd"; local: "ort" | "simd" };

/**
 * onnxruntime-web holds several float32 maps at once, so maps of more bytes than this do not fit into an isolate with it. With maps
 * of 22 MiB it needs 51 MiB (docs/decisions/0005), with those of the released size 172.
 */
const largestOrtMap = 26 * 1024 * 1024;

const largestMap = ({ stem, blocks }: NetworkShape): number =>
  Math.max(mapBytes(stem.conv), ...blocks.map(({ output }) => mapBytes(output)));

/** The user's choice; `auto`: `both` where onnxruntime-web would fit into an isolate, else `simd`. */
export type RuntimeWish = "auto" | "ort" | "simd" | "both";

/** Which runtime a bundle prefers, and whether it carries files for the other one, too. */
export type RuntimePlan = { choice: RuntimeChoice; alternatives: boolean };

/** The engine is preferred: it is two to three times as fast as onnxruntime-web on every spec (`npm run bench -- engine`). */
export function chooseRuntimes(spec: Spec, wish: RuntimeWish): RuntimePlan {
  if (wish === "ort") return { choice: { global: "ort", local: "ort" }, alternatives: false };
  const fits = [globalShape(spec), localShape(spec)].every((shape) => largestMap(shape) <= largestOrtMap);
  return { choice: { global: "simd", local: "simd" }, alternatives: wish === "both" || (wish === "auto" && fits) };
}

/** Both networks as weights files. */
export function engineFiles({ global, local }: ImportedModel, format: WeightFormat): ModelFiles {
  return {
    global: writeWeightsFile(packWeights("global", global, format)),
    local: writeWeightsFile(packWeights("local", local, format)),
  };
}

/** @returns the files of the chosen runtimes */
export const pickFiles = (choice: RuntimeChoice, ort: ModelFiles, simd: ModelFiles): ModelFiles => ({
  global: choice.global === "simd" ? simd.global : ort.global,
  local: choice.local === "simd" ? simd.local : ort.local,
});

/** @returns the other runtime of each network */
export const otherRuntimes = ({ global, local }: RuntimeChoice): RuntimeChoice => ({
  global: global === "simd" ? "ort" : "simd",
  local: local === "simd" ? "ort" : "simd",
});

/** @returns lines that say what the engine will need of an isolate's memory */
export function describeEngine(spec: Spec, choice: RuntimeChoice, files: ModelFiles): string[] {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const line = (name: "global" | "local", shape: NetworkShape) => {
    const { bytes } = planNetwork(shape);
    const weights = files[name].length;
    const sum = `${megabytes(bytes)} MB of linear memory and ${megabytes(weights)} MB of weights`;
    return choice[name] === "simd" ? [`${name}: SIMD engine, peak ${megabytes(bytes + weights)} MB: ${sum}`] : [];
  };
  return [...line("global", globalShape(spec)), ...line("local", localShape(spec))];
}
