/**
 * @module
 * The one linear memory of a runtime. Networks run one at a time and leave nothing behind, so all of them use it in turn; it
 * grows to what the largest plan says and never beyond its maximum.
 */
import { GlamError } from "../../../glam/problem.ts";
import { instantiateKernels, type Kernels, pageBytes } from "./kernels.ts";

/** Pages that the kernels declare. */
const initialPages = 2;

/** A memory, its kernels, and how much of both there may be. */
export type Arena = {
  kernels: Kernels;
  memory: WebAssembly.Memory;
  /** Bytes of linear memory now; it only grows. */
  bytes(): number;
  /**
   * Makes sure of `bytes` of linear memory. Views of the memory from before are void afterwards.
   * @throws GlamError out-of-memory
   */
  reserve(bytes: number): void;
};

/**
 * @param module compiled kernels
 * @param limit bytes, the memory's maximum
 */
export function createArena(module: WebAssembly.Module, limit: number): Arena {
  const maximum = Math.max(initialPages, Math.floor(limit / pageBytes));
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum });
  const kernels = instantiateKernels(module, memory);
  const bytes = () => memory.buffer.byteLength;
  return {
    kernels,
    memory,
    bytes,
    reserve(wanted) {
      const missing = Math.ceil(wanted / pageBytes) - bytes() / pageBytes;
      if (missing <= 0) return;
      try {
        memory.grow(missing);
      } catch (cause) {
        const detail = `The engine needs ${wanted} bytes of linear memory; ${maximum * pageBytes} are allowed.`;
        throw new GlamError("out-of-memory", detail, { cause });
      }
    },
  };
}
