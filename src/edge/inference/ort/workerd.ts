/**
 * @module
 * onnxruntime-web inside workerd, with a cap on its linear memory. workerd refuses to compile WebAssembly from bytes and
 * ORT has no hook to be given a compiled module, so `WebAssembly.instantiate` is replaced while ORT initialises.
 */

import ortModule from "onnxruntime-web/ort-wasm-simd-threaded.wasm";
import * as ort from "onnxruntime-web/wasm";
import { GlamError } from "../../../glam/problem.ts";
import type { MemoryUse, NetworkRuntime } from "../runtime.ts";
import { createGuard, type Guard } from "./guard.ts";
import { capMemory, type MemoryCap } from "./memory-cap.ts";
import { ortNetworks } from "./networks.ts";

/** Cap of the linear memory when the configuration gives none, in bytes. */
export const defaultMemoryLimit = 96 * 1024 * 1024;

/** ORT asks for this much from the start, in bytes. */
const minMemoryLimit = 16 * 1024 * 1024;

let cap: MemoryCap | undefined;
let limit = 0;

/**
 * Runs the call that initialises ORT. Everything in it happens in microtasks (the module is instantiated synchronously),
 * so no other request sees the replaced globals, and a request that is cancelled cannot leave ORT half initialised.
 */
async function initialise<T>(memoryLimitBytes: number, work: () => Promise<T>): Promise<T> {
  const realInstantiate = WebAssembly.instantiate;
  const hook = async (_source: unknown, imports: WebAssembly.Imports) => ({
    module: ortModule,
    instance: new WebAssembly.Instance(ortModule, imports),
  });
  WebAssembly.instantiate = hook as typeof WebAssembly.instantiate;
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  // Never read, but without it ORT looks for a file.
  ort.env.wasm.wasmBinary = new ArrayBuffer(8);
  limit = memoryLimitBytes;
  cap = capMemory(memoryLimitBytes);
  try {
    return await work();
  } finally {
    cap.remove();
    WebAssembly.instantiate = realInstantiate;
  }
}

/** A guard whose first call initialises ORT; when that fails, it fails for good, because ORT tries only once. */
function initialisingGuard(memoryLimitBytes: number): Guard {
  const memory = () => cap?.memory();
  const guard = createGuard({ memory, growthRefused: () => cap?.growthRefused() ?? false });
  let failure: GlamError | undefined;
  return async function guarded(step, work) {
    if (failure) throw failure;
    if (cap) return guard(step, work);
    try {
      return await guard(step, () => initialise(memoryLimitBytes, work));
    } catch (error) {
      if (!memory()) failure = error instanceof GlamError ? error : undefined;
      throw error;
    }
  };
}

let runtime: NetworkRuntime | undefined;

/**
 * The isolate's one runtime; initialises ORT on first use. Imports a `.wasm` module, so it loads in workerd only.
 * @param memoryLimitBytes counts on the first call only
 * @throws GlamError `out-of-memory` when the limit is less than ORT starts with
 */
export function ortRuntime(memoryLimitBytes: number = defaultMemoryLimit): NetworkRuntime {
  if (memoryLimitBytes < minMemoryLimit) {
    throw new GlamError("out-of-memory", "The memory limit is less than the 16 MiB that the runtime starts with.");
  }
  runtime ??= ortNetworks({
    ort,
    guard: initialisingGuard(memoryLimitBytes),
    headroom: () => cap?.headroom() ?? 0,
  });
  return runtime;
}

/** Linear memory in use, or undefined before the first use. */
export function ortMemory(): MemoryUse | undefined {
  const memory = cap?.memory();
  return memory && { bytes: memory.buffer.byteLength, limit };
}
