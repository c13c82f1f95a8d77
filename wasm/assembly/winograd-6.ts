import { add, madd, positive, sub } from "./madd";
import { CHUNK_PLANES, TILE, TILE_ROWS, TILES } from "./scratch";

/*
 * Addresses of the transforms' constants, positive and negative: one that is loaded and splat takes one instruction, a literal
 * takes several wherever it is used.
 */
const P21_4 = memory.data<f32>([21.0 / 4.0]);
const N17_4 = memory.data<f32>([-17.0 / 4.0]);
const P1_4 = memory.data<f32>([1.0 / 4.0]);
const N5_4 = memory.data<f32>([-5.0 / 4.0]);
const P1_2 = memory.data<f32>([1.0 / 2.0]);
const N5_2 = memory.data<f32>([-5.0 / 2.0]);
const P2 = memory.data<f32>([2]);
const P4 = memory.data<f32>([4]);
const N5 = memory.data<f32>([-5]);
const P8 = memory.data<f32>([8]);
const P16 = memory.data<f32>([16]);
const P32 = memory.data<f32>([32]);
const P1_8 = memory.data<f32>([1.0 / 8.0]);
const P1_16 = memory.data<f32>([1.0 / 16.0]);
const P1_32 = memory.data<f32>([1.0 / 32.0]);
const N2_9 = memory.data<f32>([-2.0 / 9.0]);
const P2_9 = memory.data<f32>([2.0 / 9.0]);
const P2_45 = memory.data<f32>([2.0 / 45.0]);
const P1_90 = memory.data<f32>([1.0 / 90.0]);
const P1_45 = memory.data<f32>([1.0 / 45.0]);
const P8_45 = memory.data<f32>([8.0 / 45.0]);
const P32_45 = memory.data<f32>([32.0 / 45.0]);
const P16_45 = memory.data<f32>([16.0 / 45.0]);

@inline
function axpy(v: v128, constant: usize, c: v128): v128 {
  return madd(v, v128.load_splat<f32>(constant), c);
}

@inline
function scale(v: v128, constant: usize): v128 {
  return f32x4.mul(v, v128.load_splat<f32>(constant));
}

/** What B^T d of F(6,3) is at point 0. */
@inline
export function inputAtZero(d0: v128, d2: v128, d4: v128, d6: v128): v128 {
  return sub(axpy(sub(d4, d2), P21_4, d0), d6);
}

/** What B^T d of F(6,3) is at the points 1, -1, 2, -2, 1/2, -1/2: six vectors `step` bytes apart. */
@inline
export function innerInput(d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, d6: v128, to: usize, step: usize): void {
  let even = axpy(d4, N17_4, add(d2, d6));
  let odd = axpy(d3, N17_4, add(d1, d5));
  v128.store(to, add(even, odd));
  v128.store(to + step, sub(even, odd));
  even = axpy(d2, P1_4, axpy(d4, N5_4, d6));
  odd = axpy(d1, P1_2, axpy(d3, N5_2, scale(d5, P2)));
  v128.store(to + 2 * step, add(even, odd));
  v128.store(to + 3 * step, sub(even, odd));
  even = axpy(d2, P4, axpy(d4, N5, d6));
  odd = axpy(d1, P2, axpy(d3, N5_2, scale(d5, P1_2)));
  v128.store(to + 4 * step, add(even, odd));
  v128.store(to + 5 * step, sub(even, odd));
}

/** One row of B^T d of F(6,3), points 0, 1, -1, 2, -2, 1/2, -1/2, infinity; writes eight vectors `step` bytes apart. */
@inline
function input1d(
  d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, d6: v128, d7: v128, to: usize, step: usize,
): void {
  v128.store(to, inputAtZero(d0, d2, d4, d6));
  v128.store(to + 7 * step, sub(axpy(sub(d3, d5), P21_4, d7), d1));
  innerInput(d1, d2, d3, d4, d5, d6, to + step, step);
}

/** Transforms the tile whose rows are at `at` in the current plane, and moves these to the next plane. */
export function inputTile(at: usize, to: usize, step: usize): void {
  const p0 = load<usize>(at, 0);
  store<usize>(at, p0 + load<usize>(at, 4), 0);
  const p1 = load<usize>(at, 8);
  store<usize>(at, p1 + load<usize>(at, 12), 8);
  const p2 = load<usize>(at, 16);
  store<usize>(at, p2 + load<usize>(at, 20), 16);
  const p3 = load<usize>(at, 24);
  store<usize>(at, p3 + load<usize>(at, 28), 24);
  const p4 = load<usize>(at, 32);
  store<usize>(at, p4 + load<usize>(at, 36), 32);
  const p5 = load<usize>(at, 40);
  store<usize>(at, p5 + load<usize>(at, 44), 40);
  const p6 = load<usize>(at, 48);
  store<usize>(at, p6 + load<usize>(at, 52), 48);
  const p7 = load<usize>(at, 56);
  store<usize>(at, p7 + load<usize>(at, 60), 56);
  for (let j: usize = 0; j < 128; j += 16) {
    input1d(v128.load(p0 + j), v128.load(p1 + j), v128.load(p2 + j), v128.load(p3 + j), v128.load(p4 + j), v128.load(p5 + j), v128.load(p6 + j), v128.load(p7 + j), TILE + j, 128);
  }
  for (let i: usize = 0; i < 8; i++) {
    const t = TILE + i * 128;
    input1d(v128.load(t), v128.load(t, 16), v128.load(t, 32), v128.load(t, 48), v128.load(t, 64), v128.load(t, 80), v128.load(t, 96), v128.load(t, 112), to + i * 8 * step, step);
  }
}

/**
 * Moves a chunk of a panel to V. Storing single vectors to that many positions would miss caches and TLB at nearly every store.
 */
function copyChunk(v: usize, step: usize, bytes: usize): void {
  for (let p: usize = 0; p < 64; p++) {
    const from = TILES + p * (CHUNK_PLANES * 96);
    for (let i: usize = 0; i < bytes; i += 96) {
      v128.store(v + i, v128.load(from + i));
      v128.store(v + i, v128.load(from + i, 16), 16);
      v128.store(v + i, v128.load(from + i, 32), 32);
      v128.store(v + i, v128.load(from + i, 48), 48);
      v128.store(v + i, v128.load(from + i, 64), 64);
      v128.store(v + i, v128.load(from + i, 80), 80);
    }
    v += step;
  }
}

/** Like `winograd4Input`, with tiles of 6 x 6 output pixels and 64 positions. */
export function winograd6Input(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, tileRows: i32, tileCols: i32, v: usize, step: usize,
): void {
  const tiles = tileRows * tileCols;
  const panels = (tiles + 5) / 6;
  for (let panel = 0; panel < panels; panel++) {
    const first = panel * 6;
    const lanes = min(6, tiles - first);
    for (let lane = 0; lane < lanes; lane++) {
      const tile = first + lane;
      const x = <usize>(tile % tileCols) * 96;
      const y = top + (tile / tileCols) * 6 - 1;
      for (let i = 0; i < 8; i++) {
        const inside = y + i >= low && y + i < high;
        const at = TILE_ROWS + <usize>(lane * 8 + i) * 8;
        store<usize>(at, inside ? base + <usize>(y + i) * rowBytes + x : zero);
        store<usize>(at, inside ? planeBytes : 0, 4);
      }
    }
    for (let c = 0; c < planes; c += <i32>CHUNK_PLANES) {
      const count = min(<i32>CHUNK_PLANES, planes - c);
      for (let i = 0; i < count; i++) {
        for (let lane = 0; lane < lanes; lane++) {
          inputTile(TILE_ROWS + <usize>lane * 64, TILES + <usize>i * 96 + <usize>lane * 16, CHUNK_PLANES * 96);
        }
      }
      copyChunk(v + <usize>(c * panels) * 96 + <usize>(panel * count) * 96, step, <usize>count * 96);
    }
  }
}

/** One row of A^T m of F(6,3). */
@inline
export function output1d(
  m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, m6: v128, m7: v128, to: usize, step: usize,
): void {
  const a = add(m1, m2);
  const b = sub(m1, m2);
  const c = add(m3, m4);
  const d = sub(m3, m4);
  const e = add(m5, m6);
  const f = sub(m5, m6);
  v128.store(to, add(m0, add(a, add(c, e))));
  v128.store(to + step, add(b, axpy(d, P2, scale(f, P1_2))));
  v128.store(to + 2 * step, add(a, axpy(c, P4, scale(e, P1_4))));
  v128.store(to + 3 * step, add(b, axpy(d, P8, scale(f, P1_8))));
  v128.store(to + 4 * step, add(a, axpy(c, P16, scale(e, P1_16))));
  v128.store(to + 5 * step, add(add(b, m7), axpy(d, P32, scale(f, P1_32))));
}

/** value * gain + bias (+ residual), ReLU if asked, to one pixel. */
@inline
function finish(value: v128, gain: v128, bias: v128, to: usize, rest: usize, relu: bool, at: usize): void {
  value = madd(value, gain, bias);
  if (rest) value = add(value, v128.load(rest + at));
  if (relu) value = positive(value);
  v128.store(to + at, value);
}

/** The six pixels of one output row of a tile, from row `t` of the scratch; `rest` (0: none) is the residual's row. */
@inline
function outputRow(t: usize, gain: v128, bias: v128, to: usize, rest: usize, relu: bool): void {
  const m0 = v128.load(t);
  const m1 = v128.load(t, 16);
  const m2 = v128.load(t, 32);
  const m3 = v128.load(t, 48);
  const m4 = v128.load(t, 64);
  const m5 = v128.load(t, 80);
  const m6 = v128.load(t, 96);
  const a = add(m1, m2);
  const b = sub(m1, m2);
  const c = add(m3, m4);
  const d = sub(m3, m4);
  const e = add(m5, m6);
  const f = sub(m5, m6);
  finish(add(m0, add(a, add(c, e))), gain, bias, to, rest, relu, 0);
  finish(add(b, axpy(d, P2, scale(f, P1_2))), gain, bias, to, rest, relu, 16);
  finish(add(a, axpy(c, P4, scale(e, P1_4))), gain, bias, to, rest, relu, 32);
  finish(add(b, axpy(d, P8, scale(f, P1_8))), gain, bias, to, rest, relu, 48);
  finish(add(a, axpy(c, P16, scale(e, P1_16))), gain, bias, to, rest, relu, 64);
  finish(add(add(b, v128.load(t, 112)), axpy(d, P32, scale(f, P1_32))), gain, bias, to, rest, relu, 80);
}

/** `high` rows of the tile in the scratch, with what is known of residual and ReLU made constant. */
@inline
function outputRows(
  high: i32, gain: v128, bias: v128, to: usize, outRow: usize, rest: usize, residualRow: usize, relu: bool,
): void {
  for (let i = 0; i < high; i++) {
    outputRow(TILE + <usize>i * 128, gain, bias, to, rest, relu);
    to += outRow;
    rest += residualRow;
  }
}

/** The tile in the scratch, six rows of eight sums, to `high` output rows; `rest` (0: none) is the residual's first pixel. */
export function finishTile(
  high: i32, gain: v128, bias: v128, to: usize, outRow: usize, rest: usize, residualRow: usize, relu: bool,
): void {
  if (rest) {
    if (relu) outputRows(high, gain, bias, to, outRow, rest, residualRow, true);
    else outputRows(high, gain, bias, to, outRow, rest, residualRow, false);
  } else if (relu) {
    outputRows(high, gain, bias, to, outRow, 0, 0, true);
  } else {
    outputRows(high, gain, bias, to, outRow, 0, 0, false);
  }
}

/**
 * Like `winograd4Output`, with tiles of 6 x 6 output pixels and 64 positions. Rows are written to the end of their last
 * tile, which is stored: what lies behind column `cols` is for the caller to clear.
 */
export function winograd6Output(
  m: usize, step: usize, planes: i32, tileRows: i32, tileCols: i32, stride: i32, affine: usize,
  out: usize, outRow: usize, residual: usize, residualRow: usize, planeBytes: usize, rows: i32, cols: i32, relu: bool,
): void {
  for (let c = 0; c < planes; c++) {
    const gain = v128.load(affine + <usize>c * 32);
    const bias = v128.load(affine + <usize>c * 32, 16);
    for (let ty = 0; ty < tileRows; ty++) {
      const y = <usize>(ty * 6);
      for (let tx = 0; tx < tileCols; tx++) {
        const from = m + (<usize>c * stride + <usize>(ty * tileCols + tx)) * 16;
        for (let j: usize = 0; j < 8; j++) {
          const f = from + j * step;
          output1d(
            v128.load(f), v128.load(f + 8 * step), v128.load(f + 16 * step), v128.load(f + 24 * step),
            v128.load(f + 32 * step), v128.load(f + 40 * step), v128.load(f + 48 * step), v128.load(f + 56 * step),
            TILE + j * 16, 128,
          );
        }
        const at = <usize>c * planeBytes + <usize>tx * 96;
        const rest = residual ? residual + at + y * residualRow : 0;
        finishTile(min(6, rows - ty * 6), gain, bias, out + at + y * outRow, outRow, rest, residualRow, relu);
      }
    }
  }
}

/** What G (g0, g1, 0) of F(6,3) is at the points 1, -1, 2, -2, 1/2, -1/2: six vectors `step` bytes apart. */
@inline
export function innerWeights(g0: v128, g1: v128, to: usize, step: usize): void {
  const near = scale(g0, N2_9);
  const inner = scale(g1, P2_9);
  const wide = scale(g0, P1_90);
  const middle = scale(g1, P1_45);
  const close = scale(g0, P32_45);
  const half = scale(g1, P16_45);
  v128.store(to, sub(near, inner));
  v128.store(to + step, add(near, inner));
  v128.store(to + 2 * step, add(wide, middle));
  v128.store(to + 3 * step, sub(wide, middle));
  v128.store(to + 4 * step, add(close, half));
  v128.store(to + 5 * step, sub(close, half));
}

/** One row of G g of F(6,3). */
@inline
export function weight1d(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const near = scale(add(g0, g2), N2_9);
  const inner = scale(g1, P2_9);
  const wide = axpy(g2, P2_45, scale(g0, P1_90));
  const middle = scale(g1, P1_45);
  const close = axpy(g2, P8_45, scale(g0, P32_45));
  const half = scale(g1, P16_45);
  v128.store(to, g0);
  v128.store(to + step, sub(near, inner));
  v128.store(to + 2 * step, add(near, inner));
  v128.store(to + 3 * step, add(wide, middle));
  v128.store(to + 4 * step, sub(wide, middle));
  v128.store(to + 5 * step, add(close, half));
  v128.store(to + 6 * step, sub(close, half));
  v128.store(to + 7 * step, g2);
}

function weightTile(g: usize, to: usize, step: usize): void {
  for (let j: usize = 0; j < 3; j++) {
    const f = g + j * 32;
    weight1d(v128.load(f), v128.load(f, 96), v128.load(f, 192), TILE + j * 16, 48);
  }
  for (let i: usize = 0; i < 8; i++) {
    const t = TILE + i * 48;
    weight1d(v128.load(t), v128.load(t, 16), v128.load(t, 32), to + i * 8 * step, step);
  }
}

/** f32 taps `[count][9][8]` (count = blocks * channels, a multiple of 8) -> U `[64][count][8]`. */
export function winograd6Weights(g: usize, count: i32, u: usize, step: usize): void {
  for (let i = 0; i < count; i += 8) {
    for (let j: usize = 0; j < 8; j++) {
      weightTile(g, TILES + j * 32, 256);
      weightTile(g + 16, TILES + j * 32 + 16, 256);
      g += 288;
    }
    // Whole cache lines to each position, as in copyChunk.
    let to = u;
    for (let p: usize = 0; p < 64; p++) {
      const from = TILES + p * 256;
      for (let k: usize = 0; k < 256; k += 64) {
        v128.store(to + k, v128.load(from + k));
        v128.store(to + k, v128.load(from + k, 16), 16);
        v128.store(to + k, v128.load(from + k, 32), 32);
        v128.store(to + k, v128.load(from + k, 48), 48);
      }
      to += step;
    }
    u += 256;
  }
}

/**
 * f32 taps `[count][9][8]` -> the 8 positions of one row of U, `[8][count][8]`; (g0, g1, g2) is that row of G. With few
 * positions at a time the weights of many channels stay in the second-level cache until they are multiplied.
 */
export function winograd6WeightRow(g: usize, count: i32, g0: f32, g1: f32, g2: f32, u: usize, step: usize): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  const c = f32x4.splat(g2);
  for (let i = 0; i < count * 2; i++) {
    const t0 = madd(c, v128.load(g, 192), madd(b, v128.load(g, 96), f32x4.mul(a, v128.load(g))));
    const t1 = madd(c, v128.load(g, 224), madd(b, v128.load(g, 128), f32x4.mul(a, v128.load(g, 32))));
    const t2 = madd(c, v128.load(g, 256), madd(b, v128.load(g, 160), f32x4.mul(a, v128.load(g, 64))));
    weight1d(t0, t1, t2, u, step);
    // Both halves of eight channels, then the next input channel.
    g += i & 1 ? 272 : 16;
    u += 16;
  }
}
