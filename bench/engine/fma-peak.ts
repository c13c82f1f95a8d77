/**
 * @module
 * The multiply-add peak of one thread: twelve independent accumulators in registers, nothing loaded. The kernels' speed
 * is given as a share of it.
 */
import { compileAssembly } from "../../wasm/compile.ts";

const accumulators = Array.from({ length: 12 }, (_, i) => `c${i}`);

const source = `
// Constants would be loaded again for every product, so both factors come from outside.
export function spin(rounds: i32, factor: f32, other: f32): f32 {
  const a = f32x4.splat(factor);
  const b = f32x4.splat(other);
  ${accumulators.map((c, i) => `let ${c} = f32x4.splat(${i});`).join(" ")}
  for (let i = 0; i < rounds; i++) {
    ${accumulators.map((c) => `${c} = f32x4.relaxed_madd(a, b, ${c});`).join("\n    ")}
  }
  return f32x4.extract_lane(${accumulators.reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
}
`;

/** @returns GMAC/s; undefined on a host without relaxed SIMD */
export async function fmaPeak(): Promise<number | undefined> {
  const binary = await compileAssembly("peak.ts", async (path) => (path === "peak.ts" ? source : null), [
    "--enable",
    "simd",
    "--enable",
    "relaxed-simd",
  ]);
  if (!WebAssembly.validate(binary)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 2 });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  const spin = instance.exports.spin as (rounds: number, factor: number, other: number) => number;
  const rounds = 2_000_000;
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    spin(rounds, 0.5, 0.25);
    times.push(performance.now() - start);
    // Optimised code replaces the first one between calls only.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return (rounds * accumulators.length * 4) / Math.min(...times) / 1e6;
}
