/**
 * @module
 * The SIMD engine inside workerd, which instantiates only modules that the Worker was built with. workerd has relaxed SIMD,
 * so the plain twin stays out of the Worker.
 */
import kernels from "../../../../wasm/dist/engine-relaxed.wasm";
import { type SimdRuntime, simdRuntime } from "./networks.ts";

let runtime: SimdRuntime | undefined;

/**
 * The isolate's one engine.
 * @param memoryLimitBytes linear memory and weights; counts on the first call only
 */
export function simdEngine(memoryLimitBytes: number): SimdRuntime {
  runtime ??= simdRuntime(kernels, memoryLimitBytes);
  return runtime;
}
