/**
 * @module
 * Which runtime runs a network: the engine its own weights files, onnxruntime-web everything else. The file's own format
 * decides, so a wrong manifest cannot send it to the wrong one.
 */
import type { NetworkRuntime } from "./runtime.ts";
import { isWeightsFile } from "./simd/weights-file.ts";

/** Runtimes by the name that a manifest gives them. */
export type Runtimes = { ort: NetworkRuntime; simd: NetworkRuntime };

/** @returns the manifest's name of the runtime that runs this file */
export const runtimeOf = (file: Uint8Array): keyof Runtimes => (isWeightsFile(file) ? "simd" : "ort");

/** @example const runtime = runtimeByFormat({ ort: ortRuntime(limit), simd: simdEngine(limit) }); */
export function runtimeByFormat(runtimes: Runtimes): NetworkRuntime {
  return {
    globalNetwork: (file, spec) => runtimes[runtimeOf(file)].globalNetwork(file, spec),
    localNetwork: (file, spec) => runtimes[runtimeOf(file)].localNetwork(file, spec),
  };
}
