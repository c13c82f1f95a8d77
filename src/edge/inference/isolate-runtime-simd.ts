/**
 * @module
 * `#isolate-runtime` of the Worker without onnxruntime-web: a fifteenth of its size, and no module to compile at the first
 * request. Files for onnxruntime-web are `runtime-missing`.
 */
import { GlamError } from "../../glam/problem.ts";
import { runtimeByFormat } from "./by-format.ts";
import type { IsolateRuntime, NetworkRuntime } from "./runtime.ts";
import { simdEngine } from "./simd/workerd.ts";

const refuse = (): never => {
  throw new GlamError(
    "runtime-missing",
    "This Worker was built without onnxruntime-web; import the model with --runtime simd, or deploy the default Worker.",
  );
};

const noOrt: NetworkRuntime = { globalNetwork: async () => refuse(), localNetwork: async () => refuse() };

/** @param limit bytes that the engine may hold */
export function isolateRuntime(limit: number): IsolateRuntime {
  const simd = simdEngine(limit);
  return { runtime: runtimeByFormat({ ort: noOrt, simd }), available: ["simd"], memory: () => simd.memory() };
}
