/**
 * @module
 * onnxruntime-web inside workerd, with a cap on its linear memory.
 */
import type { MemoryUse, NetworkRuntime } from "../runtime.ts";

/** Cap of the linear memory when the configuration gives none, in bytes. */
export const defaultMemoryLimit = 96 * 1024 * 1024;

/** The isolate's one runtime; initialises ORT on first use. Imports a `.wasm` module, so it loads in workerd only. */
export declare function ortRuntime(memoryLimitBytes?: number): NetworkRuntime;

/** Linear memory in use, or undefined before the first use. */
export declare function ortMemory(): MemoryUse | undefined;
