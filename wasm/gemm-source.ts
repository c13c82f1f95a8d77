/**
 * @module
 * Writes the AssemblyScript source of the two kernels whose inner loops must be unrolled by hand: the 6x8 matrix multiply
 * and the 7x7 stride-2 convolution. The compiler unrolls no loop, and only constant addresses avoid the bounds checks
 * of hosts that check every access in code.
 */

/** Rows of a panel: output pixels or Winograd tiles. */
const rows = 6;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** 12 accumulators, 2 vectors of weights and 1 splat: 15 live vectors; one more and the engine spills to the stack. */
function step(splat: (row: number) => string, weights: string, offset: number): string[] {
  return [
    `u = v128.load(${weights}, ${offset}); w = v128.load(${weights}, ${offset + 16});`,
    ...range(rows).map((r) => `s = ${splat(r)}; c${r} = madd(s, u, c${r}); d${r} = madd(s, w, d${r});`),
  ];
}

const accumulators = range(rows)
  .map((r) => `let c${r} = zero; let d${r} = zero;`)
  .join(" ");

/** One `gemm<depth>`: adds `depth` products to every element of a block of M. */
function gemm(depth: number): string {
  const panelBytes = depth * rows * 4;
  const copies = range(panelBytes / 16).map((i) => `v128.store(PANEL, v128.load(from, ${i * 16}), ${i * 16});`);
  const splat = (k: number) => (r: number) =>
    `v128.load_splat<f32>(PANEL, ${Math.floor(k / 4) * rows * 16 + r * 16 + (k % 4) * 4})`;
  const load = range(rows).map((r) => `c${r} = v128.load(m0, ${r * 16}); d${r} = v128.load(m1, ${r * 16});`);
  const store = range(rows).map((r) => `v128.store(m0, c${r}, ${r * 16}); v128.store(m1, d${r}, ${r * 16});`);
  return `
export function gemm${depth}(a: usize, aStep: usize, b: usize, bStep: usize, m: usize, mPlane: usize, panels: i32, blocks: i32, first: bool): void {
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const from = a + <usize>p * aStep;
    ${copies.join("\n    ")}
    let weights = b;
    let m0 = m + <usize>p * ${rows * 16};
    for (let block = 0; block < blocks; block++) {
      const m1 = m0 + mPlane;
      let u = zero; let w = zero; let s = zero;
      ${accumulators}
      if (!first) {
        ${load.join("\n        ")}
      }
      ${range(depth)
        .flatMap((k) => step(splat(k), "weights", k * 32))
        .join("\n      ")}
      ${store.join("\n      ")}
      weights += bStep;
      m0 = m1 + mPlane;
    }
  }
}`;
}

/** Six neighbouring output pixels of a 7x7 stride-2 convolution of one input channel, for eight output channels. */
function conv7(): string {
  const splat = (kx: number) => (p: number) => `v128.load_splat<f32>(row, ${(2 * p + kx) * 4})`;
  const taps = range(7).flatMap((kx) => step(splat(kx), "weights", kx * 32));
  const half = (sum: string, to: string, at: number) => [
    `u = v128.load(affine, ${at}); w = v128.load(affine, ${at + 16});`,
    ...range(rows).map((r) => `${sum}${r} = madd(${sum}${r}, u, w);`),
    `if (relu) { ${range(rows)
      .map((r) => `${sum}${r} = positive(${sum}${r});`)
      .join(" ")} }`,
    ...range(rows).map((r) => `v128.store(${to}, ${sum}${r}, ${r * 16});`),
  ];
  return `
export function conv7Pixels(weights: usize, column: usize, affine: usize, to: usize, toPlane: usize, relu: bool): void {
  const zero = f32x4.splat(0);
  let u = zero; let w = zero; let s = zero;
  ${accumulators}
  for (let ky: usize = 0; ky < 7; ky++) {
    const row = <usize>load<u32>(CONV_ROWS + ky * 4) + column;
    ${taps.join("\n    ")}
    weights += 7 * 32;
  }
  ${[...half("c", "to", 0), ...half("d", "toPlane", 32)].join("\n  ")}
}`;
}

/** Source text of the module `./unrolled`. */
export function unrolledSource(): string {
  return `import { madd, positive } from "./madd";
import { CONV_ROWS, PANEL } from "./scratch";
${[32, 16, 8].map(gemm).join("\n")}
${conv7()}
`;
}
