/**
 * @module
 * `#isolate-runtime` of the default Worker: onnxruntime-web and the SIMD engine; a network's file says which of them runs it.
 */
import { runtimeByFormat } from "./by-format.ts";
import { ortMemory, ortRuntime } from "./ort/workerd.ts";
import type { IsolateRuntime } from "./runtime.ts";
import { simdEngine } from "./simd/workerd.ts";

/** @param limit bytes that each runtime may hold */
export function isolateRuntime(limit: number): IsolateRuntime {
  const simd = simdEngine(limit);
  return {
    runtime: runtimeByFormat({ ort: ortRuntime(limit), simd }),
    available: ["simd", "ort"],
    // A model that mixes the runtimes has both memories in an isolate that runs both of its networks.
    memory: () => ({ bytes: (ortMemory()?.bytes ?? 0) + simd.memory().bytes, limit }),
  };
}
