import { CONV_ROWS, PIXELS } from "./scratch";
import { conv7Pixels } from "./unrolled";

/**
 * 7x7 stride-2 pad-3 convolution of one channel. Input row r (f32, three zeros before column 0 and at least 14 zeros after
 * the last) starts at `base + r * rowBytes`; rows outside [low, high) are `zero`. `weights` is `[blocks][49][8]`,
 * `affine` `[blocks * 2][scale 4, bias 4]`; output rows [top, top + rows) of `cols` pixels go to `out`.
 */
export function conv7x7(
  base: usize, rowBytes: usize, low: i32, high: i32, top: i32, zero: usize, weights: usize, blocks: i32, affine: usize,
  out: usize, outRow: usize, outPlane: usize, rows: i32, cols: i32, relu: bool,
): void {
  for (let y = 0; y < rows; y++) {
    for (let k = 0; k < 7; k++) {
      const row = (top + y) * 2 + k - 3;
      store<u32>(CONV_ROWS + <usize>k * 4, <u32>(row >= low && row < high ? base + <usize>row * rowBytes : zero));
    }
    for (let b = 0; b < blocks; b++) {
      const w = weights + <usize>b * 49 * 32;
      const scales = affine + <usize>b * 64;
      let to = out + <usize>y * outRow + <usize>b * 2 * outPlane + 16;
      let x = 0;
      for (; x + 6 <= cols; x += 6) {
        conv7Pixels(w, <usize>x * 8, scales, to, to + outPlane, relu);
        to += 96;
      }
      if (x < cols) {
        conv7Pixels(w, <usize>x * 8, scales, PIXELS, PIXELS + 96, relu);
        memory.copy(to, PIXELS, <usize>(cols - x) * 16);
        memory.copy(to + outPlane, PIXELS + 96, <usize>(cols - x) * 16);
      }
    }
  }
}
