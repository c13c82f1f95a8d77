/**
 * @module
 * The compiled kernels in Node: with relaxed SIMD where this Node has it, else the plain twin.
 */
import { readFile } from "node:fs/promises";

/** Which of the two modules. */
export type KernelVariant = "relaxed" | "plain";

/** @throws when the file is missing: `npm run build:wasm` makes it */
export async function loadKernelModule(variant?: KernelVariant): Promise<WebAssembly.Module> {
  const bytes = (name: KernelVariant) => readFile(new URL(`../../wasm/dist/engine-${name}.wasm`, import.meta.url));
  if (variant) return WebAssembly.compile(await bytes(variant));
  const relaxed = await bytes("relaxed");
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : await bytes("plain"));
}
