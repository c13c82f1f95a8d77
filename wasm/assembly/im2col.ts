import { add, madd, positive } from "./madd";
import { CHUNK_PLANES } from "./scratch";

/**
 * Input rows -> A `[chunk of 8 groups][panel][group][6][4]` for a convolution by matrix multiply; groups are `[ky][kx][plane]`. Row r
 * of plane c starts at `base + r * rowBytes + c * planeBytes`; rows outside [low, high) are `zero`. Output rows [top, top + rows).
 */
export function im2col(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, kernel: i32, stride: i32, rows: i32, cols: i32, a: usize,
): void {
  const pad = kernel >> 1;
  const groups = <usize>(kernel * kernel * planes);
  const panels = <usize>(rows * cols + 5) / 6;
  for (let y = 0; y < rows; y++) {
    for (let ky = 0; ky < kernel; ky++) {
      const row = (top + y) * stride + ky - pad;
      const inside = row >= low && row < high;
      for (let kx = 0; kx < kernel; kx++) {
        for (let c = 0; c < planes; c++) {
          // Column -1 is stored, so column x of the map lies at x + 1.
          let from = inside ? base + <usize>row * rowBytes + <usize>c * planeBytes : zero;
          from += <usize>(kx - pad + 1) * 16;
          const group = <usize>((ky * kernel + kx) * planes + c);
          const first = group & ~(CHUNK_PLANES - 1);
          const panelBytes = min(CHUNK_PLANES, groups - first) * 96;
          const k = a + first * panels * 96 + (group - first) * 96;
          const pixel = y * cols;
          let to = k + <usize>(pixel / 6) * panelBytes;
          let lane = <usize>(pixel % 6) * 16;
          for (let x = 0; x < cols; x++) {
            v128.store(to + lane, v128.load(from));
            from += <usize>stride * 16;
            lane += 16;
            if (lane === 96) {
              lane = 0;
              to += panelBytes;
            }
          }
        }
      }
    }
  }
}

/** M `[planes][stride pixels][4]` -> `rows` x `cols` output pixels, as `winograd4Output` does. */
export function gemmOutput(
  m: usize, planes: i32, stride: i32, affine: usize,
  out: usize, outRow: usize, residual: usize, residualRow: usize, planeBytes: usize, rows: i32, cols: i32, relu: bool,
): void {
  for (let c = 0; c < planes; c++) {
    const gain = v128.load(affine + <usize>c * 32);
    const bias = v128.load(affine + <usize>c * 32, 16);
    for (let y = 0; y < rows; y++) {
      const from = m + (<usize>c * stride + <usize>(y * cols)) * 16;
      const to = out + <usize>c * planeBytes + <usize>y * outRow;
      const rest = residual + <usize>c * planeBytes + <usize>y * residualRow;
      for (let x: usize = 0; x < <usize>cols; x++) {
        let value = madd(v128.load(from + x * 16), gain, bias);
        if (residual) value = add(value, v128.load(rest + x * 16));
        if (relu) value = positive(value);
        v128.store(to + x * 16, value);
      }
    }
  }
}
