import { madd, positive } from "./madd";
import { CHUNK_PLANES } from "./scratch";

/** Zeroes column -1 and the columns from `cols` on in `lines` rows of `stride` stored columns each. */
export function clearMargins(base: usize, lines: i32, stride: i32, cols: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < lines; i++) {
    v128.store(base, zero);
    for (let x = cols + 1; x < stride; x++) v128.store(base + <usize>x * 16, zero);
    base += <usize>stride * 16;
  }
}

/** Columns [from, to) of `lines` lines, `lineBytes` apart, become those six columns before: what repeats is not computed. */
export function repeatColumns(base: usize, lines: i32, lineBytes: usize, from: i32, to: i32): void {
  for (let i = 0; i < lines; i++) {
    // Column 0 is stored behind column -1.
    let at = base + <usize>(from + 1) * 16;
    const end = base + <usize>(to + 1) * 16;
    const c0 = v128.load(at - 96);
    const c1 = v128.load(at - 80);
    const c2 = v128.load(at - 64);
    const c3 = v128.load(at - 48);
    const c4 = v128.load(at - 32);
    const c5 = v128.load(at - 16);
    for (; at + 96 <= end; at += 96) {
      v128.store(at, c0);
      v128.store(at, c1, 16);
      v128.store(at, c2, 32);
      v128.store(at, c3, 48);
      v128.store(at, c4, 64);
      v128.store(at, c5, 80);
    }
    for (; at < end; at += 16) v128.store(at, v128.load(at - 96));
    base += lineBytes;
  }
}

/** Zeroes the lanes from `tiles` to the end of the last panel, in A or V `[positions][chunk of 8 groups][panel][group][6][4]`. */
export function clearTail(a: usize, step: usize, positions: i32, groups: i32, tiles: i32): void {
  const zero = f32x4.splat(0);
  const lanes = tiles % 6;
  if (!lanes) return;
  const last = <usize>(tiles / 6);
  for (let p = 0; p < positions; p++) {
    for (let first: usize = 0; first < <usize>groups; first += CHUNK_PLANES) {
      const count = min(CHUNK_PLANES, <usize>groups - first);
      let at = a + <usize>p * step + (first * (last + 1) + last * count) * 96;
      for (let g: usize = 0; g < count; g++) {
        for (let lane = lanes; lane < 6; lane++) v128.store(at + <usize>lane * 16, zero);
        at += 96;
      }
    }
  }
}

/** out = relu(x * scale + bias) on `rows` rows of `planes` planes; `affine` is `[planes][scale 4, bias 4]`. */
export function scaleBiasRelu(
  x: usize, out: usize, rowBytes: usize, planeBytes: usize, planes: i32, rows: i32, cols: i32, affine: usize,
): void {
  for (let y = 0; y < rows; y++) {
    for (let c = 0; c < planes; c++) {
      const gain = v128.load(affine + <usize>c * 32);
      const bias = v128.load(affine + <usize>c * 32, 16);
      const at = <usize>y * rowBytes + <usize>c * planeBytes + 16;
      for (let i: usize = 0; i < <usize>cols * 16; i += 16) {
        v128.store(out + at + i, positive(madd(v128.load(x + at + i), gain, bias)));
      }
    }
  }
}

/** Of three rows at `column` bytes; pmax is one instruction of every host. */
@inline
function columnMax(p0: usize, p1: usize, p2: usize, column: usize): v128 {
  return f32x4.pmax(f32x4.pmax(v128.load(p0 + column), v128.load(p1 + column)), v128.load(p2 + column));
}

/**
 * 3x3 stride-2 maximum. Input row r of plane c at `base + r * rowBytes + c * planeBytes`; what lies outside the map of
 * `height` x `width` is repeated from its edge, which equals padding with -infinity. Output rows [top, top + rows).
 */
export function maxPool(
  base: usize, rowBytes: usize, planeBytes: usize, height: i32, width: i32, pad: i32, planes: i32,
  out: usize, outRow: usize, outPlane: usize, top: i32, rows: i32, cols: i32,
): void {
  for (let y = 0; y < rows; y++) {
    const r = (top + y) * 2 - pad;
    for (let c = 0; c < planes; c++) {
      const plane = base + <usize>c * planeBytes + 16;
      const p0 = plane + <usize>max(r, 0) * rowBytes;
      const p1 = plane + <usize>min(r + 1, height - 1) * rowBytes;
      const p2 = plane + <usize>min(r + 2, height - 1) * rowBytes;
      let to = out + <usize>y * outRow + <usize>c * outPlane + 16;
      let left = columnMax(p0, p1, p2, <usize>max(-pad, 0) * 16);
      for (let x = 0; x < cols; x++) {
        const col = x * 2 - pad;
        const middle = columnMax(p0, p1, p2, <usize>min(col + 1, width - 1) * 16);
        const right = columnMax(p0, p1, p2, <usize>min(col + 2, width - 1) * 16);
        v128.store(to, f32x4.pmax(f32x4.pmax(left, middle), right));
        left = right;
        to += 16;
      }
    }
  }
}

/**
 * 1x1 convolution to `classes` maps without bias: one row of `cols` pixels, plane c at `x + c * planeBytes`; `weights` is
 * `[classes][planes][4]`; class k's logits go to `out + k * classBytes`.
 */
export function classLogits(
  x: usize, planeBytes: usize, planes: i32, cols: i32, weights: usize, classes: i32, out: usize, classBytes: usize,
): void {
  for (let k = 0; k < classes; k++) {
    const w = weights + <usize>k * <usize>planes * 16;
    for (let i: usize = 0; i < <usize>cols; i++) {
      let sum = f32x4.splat(0);
      let from = x + (i + 1) * 16;
      for (let c: usize = 0; c < <usize>planes; c++) {
        sum = madd(v128.load(from), v128.load(w + c * 16), sum);
        from += planeBytes;
      }
      const value = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
        (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
      store<f32>(out + <usize>k * classBytes + i * 4, value);
    }
  }
}

/** int8 -> f32; count is a multiple of 8. */
export function int8ToFloat(from: usize, count: i32, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i += 8) {
    const wide = v128.load_ext<i8>(from + i);
    v128.store(to + i * 4, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide)));
    v128.store(to + i * 4, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide)), 16);
  }
}

/** int16 -> f32; count is a multiple of 8. */
export function int16ToFloat(from: usize, count: i32, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i += 8) {
    const wide = v128.load(from + i * 2);
    v128.store(to + i * 4, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide)));
    v128.store(to + i * 4, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide)), 16);
  }
}
