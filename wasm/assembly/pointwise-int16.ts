import { TILES } from "./scratch";
import { CHUNK_PLANES, loadRounding, PANEL_BYTES, quantiseBlock, scaleTile, storeProduct } from "./winograd-6-int16";

/** Bytes between the scales that make integers of four pixels and those that undo it. */
const UNDO: usize = 256;

/**
 * Input rows of a 1x1 convolution -> A `[chunk of 16 planes][panel][4 pixels of 64 int16, 4 f32 scales]`, pixels row by row; the
 * input is that of `im2col`, `planes` a multiple of 16. A pixel has a scale for each chunk.
 */
export function pointwiseInputInt16(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, stride: i32, rows: i32, cols: i32, a: usize,
): void {
  const rounding = loadRounding();
  const pixels = rows * cols;
  for (let chunk: usize = 0; chunk < <usize>planes / CHUNK_PLANES; chunk++) {
    let x = 0;
    let y = 0;
    for (let first = 0; first < pixels; first += 4) {
      const lanes = <usize>min(4, pixels - first);
      for (let lane: usize = 0; lane < lanes; lane++) {
        const row = (top + y) * stride;
        const inside = row >= low && row < high;
        // Column -1 is stored.
        let from = inside ? base + <usize>row * rowBytes + chunk * CHUNK_PLANES * planeBytes + <usize>(x * stride + 1) * 16 : zero;
        for (let i: usize = 0; i < CHUNK_PLANES; i++) {
          v128.store(TILES + lane * 256 + i * 16, v128.load(from));
          if (inside) from += planeBytes;
        }
        x++;
        if (x === cols) {
          x = 0;
          y++;
        }
      }
      scaleTile(4, UNDO);
      for (let lane: usize = 0; lane < lanes; lane++) storeProduct(lane, UNDO, a, lane, rounding);
      a += PANEL_BYTES;
    }
  }
}

/** f32 weights `[64][8]` of one block and chunk to `[32 pairs][8][2]` int16 and eight scales. */
export function pointwiseWeightsInt16(from: usize, to: usize): void {
  quantiseBlock(from, to);
}
