/**
 * @module
 * Writes the AssemblyScript source of the matrix kernel for 16-bit integers, unrolled like that of `gemm-source.ts`.
 */

/** Winograd tiles of a panel: with its product waiting to be added, a fifth and sixth row would spill to the stack. */
const rows = 4;
/** Channels of a chunk, multiplied in pairs. */
const depth = 64;
/** Where the scales lie behind the integers of a panel, and of a block of weights. */
const panelScales = rows * depth * 2;
const blockScales = depth * 8 * 2;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function step(pair: number): string[] {
  const at = pair * 32;
  return [
    `u = v128.load(weights, ${at}); w = v128.load(weights, ${at + 16});`,
    ...range(rows).map((r) => {
      const splat = `s = v128.load_splat<i32>(PANEL, ${r * depth * 2 + pair * 4});`;
      return `${splat} c${r} = i32x4.add(c${r}, i32x4.dot_i16x8_s(s, u)); d${r} = i32x4.add(d${r}, i32x4.dot_i16x8_s(s, w));`;
    }),
  ];
}

/** One row of both halves of a block: sums times the scales of the tile and of the output channels, to M. */
function result(row: number, add: boolean): string[] {
  const value = (sum: string, scale: string) => `f32x4.convert_i32x4_s(${sum}${row}), f32x4.mul(s, ${scale})`;
  const store = (m: string, product: string) => {
    const sum = add ? `madd(${product}, v128.load(${m}, ${row * 16}))` : `f32x4.mul(${product})`;
    return `v128.store(${m}, ${sum}, ${row * 16});`;
  };
  return [
    `s = v128.load_splat<f32>(PANEL, ${panelScales + row * 4});`,
    store("m0", value("c", "u")),
    store("m1", value("d", "w")),
  ];
}

/** Source text of the module `./unrolled-int16`. */
export function unrolledInt16Source(): string {
  const copies = range(panelScales / 16 + 1).map((i) => `v128.store(PANEL, v128.load(from, ${i * 16}), ${i * 16});`);
  const results = (add: boolean) => range(rows).flatMap((row) => result(row, add));
  return `import { madd } from "./madd";
import { PANEL } from "./scratch";

/** One chunk of one position: \`panels\` of A times \`blocks\` of B; \`first\` starts the sums in M. */
export function gemmInt16Chunk(a: usize, b: usize, m: usize, panels: i32, blocks: i32, first: bool): void {
  const zero = i32x4.splat(0);
  const mPlane = <usize>panels * ${rows * 16};
  for (let p = 0; p < panels; p++) {
    const from = a + <usize>p * ${panelScales + 16};
    ${copies.join("\n    ")}
    let weights = b;
    let m0 = m + <usize>p * ${rows * 16};
    for (let block = 0; block < blocks; block++) {
      const m1 = m0 + mPlane;
      let u = zero; let w = zero; let s = zero;
      ${range(rows)
        .map((r) => `let c${r} = zero; let d${r} = zero;`)
        .join(" ")}
      ${range(depth / 2)
        .flatMap(step)
        .join("\n      ")}
      u = v128.load(weights, ${blockScales}); w = v128.load(weights, ${blockScales + 16});
      if (first) {
        ${results(false).join("\n        ")}
      } else {
        ${results(true).join("\n        ")}
      }
      weights += ${blockScales + 32};
      m0 = m1 + mPlane;
    }
  }
}
`;
}
