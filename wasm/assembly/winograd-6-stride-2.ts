import { madd } from "./madd";
import { CHUNK_PLANES, PHASES, TILE, TILE_ROWS, TILES } from "./scratch";
import { finishTile, innerInput, innerWeights, inputAtZero, output1d } from "./winograd-6";

/*
 * 3x3 at stride 2 as a sum of convolutions at stride 1, one for each phase of the input. Along one dimension the outputs are
 * y[i] = w0 x[2i - 1] + w1 x[2i] + w2 x[2i + 1]: the odd phase has the taps w0 and w2, the even one w1. As (w0, w2, 0) and
 * (0, w1, 0) both have F(6,3) without its point at infinity, where a third tap of zero makes no product; and (0, w1, 0) makes
 * none at point 0. So 6 x 6 output pixels take 13 x 13 products, summed up in 7 x 7 positions: in the order of positions, and
 * in each one phase after the other, there are `products` of a row of positions and `phases` of a position.
 */

/** Bytes between rows of a tile in the scratch. */
const PITCH: usize = 208;

/** Phases of position (row, column): with the odd phase only at point 0. */
@inline
export function phasesAt(row: usize, column: usize): usize {
  return (row ? 2 : 1) * (column ? 2 : 1);
}

/** Moves a row's address to the next plane. @returns where it was */
@inline
function nextPlane(at: usize): usize {
  const address = load<usize>(at);
  store<usize>(at, address + load<usize>(at, 4));
  return address;
}

/** Columns [0, wide) of the tile whose 13 rows are at `at`, transformed: 7 points of odd rows, then 6 of even rows. */
function transformColumns(at: usize, wide: usize): void {
  const p0 = nextPlane(at);
  const p1 = nextPlane(at + 16);
  const p2 = nextPlane(at + 32);
  const p3 = nextPlane(at + 48);
  const p4 = nextPlane(at + 64);
  const p5 = nextPlane(at + 80);
  const p6 = nextPlane(at + 96);
  for (let j: usize = 0; j < wide; j += 16) {
    const d2 = v128.load(p2 + j);
    const d4 = v128.load(p4 + j);
    const d6 = v128.load(p6 + j);
    v128.store(PHASES + j, inputAtZero(v128.load(p0 + j), d2, d4, d6));
    innerInput(v128.load(p1 + j), d2, v128.load(p3 + j), d4, v128.load(p5 + j), d6, PHASES + PITCH + j, PITCH);
  }
  const q1 = nextPlane(at + 8);
  const q2 = nextPlane(at + 24);
  const q3 = nextPlane(at + 40);
  const q4 = nextPlane(at + 56);
  const q5 = nextPlane(at + 72);
  const q6 = nextPlane(at + 88);
  for (let j: usize = 0; j < wide; j += 16) {
    innerInput(
      v128.load(q1 + j), v128.load(q2 + j), v128.load(q3 + j), v128.load(q4 + j), v128.load(q5 + j), v128.load(q6 + j),
      PHASES + 7 * PITCH + j, PITCH,
    );
  }
  // Columns that are not stored.
  for (let j = wide; j < PITCH; j += 16) {
    for (let i: usize = 0; i < 13 * PITCH; i += PITCH) v128.store(PHASES + i + j, f32x4.splat(0));
  }
}

/** Row `t` of the scratch to the products of a row of positions: at point 0, and `count` products a point from `to` on. */
@inline
function transformRow(t: usize, zero: usize, to: usize, step: usize, count: usize): void {
  const d2 = v128.load(t, 64);
  const d4 = v128.load(t, 128);
  const d6 = v128.load(t, 192);
  v128.store(zero, inputAtZero(v128.load(t), d2, d4, d6));
  innerInput(v128.load(t, 32), d2, v128.load(t, 96), d4, v128.load(t, 160), d6, to, step * count);
  innerInput(
    v128.load(t, 16), v128.load(t, 48), v128.load(t, 80), v128.load(t, 112), v128.load(t, 144), v128.load(t, 176),
    to + step, step * count,
  );
}

/** The tile whose 13 rows are at `at` to its 169 products, `step` bytes apart; moves the rows to the next plane. */
export function inputPhases(at: usize, wide: usize, to: usize, step: usize): void {
  transformColumns(at, wide);
  transformRow(PHASES, to, to + step, step, 2);
  to += 13 * step;
  for (let t = PHASES + PITCH; t < PHASES + 7 * PITCH; t += PITCH) {
    transformRow(t, to, to + 2 * step, step, 4);
    transformRow(t + 6 * PITCH, to + step, to + 4 * step, step, 4);
    to += 26 * step;
  }
}

/** Rows of the tile at (y, x bytes) to `at`, as the scratch has them. */
@inline
export function tileRows13(
  at: usize, base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, y: i32, zero: usize,
): void {
  for (let i = 0; i < 13; i++) {
    const inside = y + i >= low && y + i < high;
    store<usize>(at, inside ? base + <usize>(y + i) * rowBytes : zero);
    store<usize>(at, inside ? planeBytes : 0, 4);
    at += 8;
  }
}

/** Moves two planes of a panel, from `c` on, to V. */
function copyPlanes(v: usize, step: usize, c: usize, planes: usize, panel: usize, panels: usize): void {
  let from = TILES;
  for (let row: usize = 0; row < 7; row++) {
    for (let column: usize = 0; column < 7; column++) {
      const phases = phasesAt(row, column);
      for (let phase: usize = 0; phase < phases; phase++) {
        const group = phase * planes + c;
        const first = group & ~(CHUNK_PLANES - 1);
        const panelBytes = min(CHUNK_PLANES, phases * planes - first) * 96;
        const to = v + first * panels * 96 + panel * panelBytes + (group - first) * 96;
        for (let i: usize = 0; i < 192; i += 64) {
          v128.store(to + i, v128.load(from + i));
          v128.store(to + i, v128.load(from + i, 16), 16);
          v128.store(to + i, v128.load(from + i, 32), 32);
          v128.store(to + i, v128.load(from + i, 48), 48);
        }
        from += 192;
      }
      v += step;
    }
  }
}

/**
 * Input rows -> V `[49][chunk of 8 groups][panel][group][6][4]`, where a position's groups are `[phase][plane]`; the input is
 * that of `winograd4Input`, of which a row stores `columns` columns. Lanes behind the last tile become zero.
 */
export function winograd6Stride2Input(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, tileRows: i32, tileCols: i32, columns: i32, v: usize, step: usize,
): void {
  const tiles = tileRows * tileCols;
  const panels = (tiles + 5) / 6;
  for (let panel = 0; panel < panels; panel++) {
    const first = panel * 6;
    const lanes = min(6, tiles - first);
    for (let lane = 0; lane < lanes; lane++) {
      const tile = first + lane;
      const y = (top + (tile / tileCols) * 6) * 2 - 1;
      const from = base + <usize>(tile % tileCols) * 192;
      tileRows13(TILE_ROWS + <usize>lane * 104, from, rowBytes, planeBytes, low, high, y, zero);
    }
    if (lanes < 6) memory.fill(TILES, 0, 169 * 192);
    for (let c: usize = 0; c < <usize>planes; c += 2) {
      for (let i: usize = 0; i < 2; i++) {
        for (let lane = 0; lane < lanes; lane++) {
          const wide = min(13, columns - ((first + lane) % tileCols) * 12) * 16;
          inputPhases(TILE_ROWS + <usize>lane * 104, wide, TILES + i * 96 + <usize>lane * 16, 192);
        }
      }
      copyPlanes(v, step, c, planes, panel, panels);
    }
  }
}

/** M `[49][planes][stride tiles][4]` to output pixels, as `winograd6Output` does. */
export function winograd6Stride2Output(
  m: usize, step: usize, planes: i32, tileRows: i32, tileCols: i32, stride: i32, affine: usize,
  out: usize, outRow: usize, residual: usize, residualRow: usize, planeBytes: usize, rows: i32, cols: i32, relu: bool,
): void {
  const zero = f32x4.splat(0);
  // There is no product at infinity.
  for (let i: usize = 0; i < 6; i++) v128.store(TILE + i * 128, zero, 112);
  for (let c = 0; c < planes; c++) {
    const gain = v128.load(affine + <usize>c * 32);
    const bias = v128.load(affine + <usize>c * 32, 16);
    for (let ty = 0; ty < tileRows; ty++) {
      const y = <usize>(ty * 6);
      for (let tx = 0; tx < tileCols; tx++) {
        const from = m + (<usize>c * stride + <usize>(ty * tileCols + tx)) * 16;
        for (let j: usize = 0; j < 7; j++) {
          const f = from + j * step;
          output1d(
            v128.load(f), v128.load(f + 7 * step), v128.load(f + 14 * step), v128.load(f + 21 * step),
            v128.load(f + 28 * step), v128.load(f + 35 * step), v128.load(f + 42 * step), zero, TILE + j * 16, 128,
          );
        }
        const at = <usize>c * planeBytes + <usize>tx * 96;
        const rest = residual ? residual + at + y * residualRow : 0;
        finishTile(min(6, rows - ty * 6), gain, bias, out + at + y * outRow, outRow, rest, residualRow, relu);
      }
    }
  }
}

/** g0 times tap `tap` of the upper row of taps `[9][channels][8]`, and g1 times the one below it in the lower row. */
@inline
export function combined(taps: usize, channels: usize, tap: usize, g0: v128, g1: v128): v128 {
  const row = channels * 32;
  return madd(g1, v128.load(taps + (tap + 6) * row), f32x4.mul(g0, v128.load(taps + tap * row)));
}

/** Where element `k` of one block lies in U. */
@inline
function weightAt(u: usize, k: usize, block: usize, blocks: usize): usize {
  return u + ((k >> 5) * blocks + block) * 1024 + (k & 31) * 32;
}

/** Three taps of one phase of rows to the seven positions of one row of U; `phase` is the first of the position's phases. */
@inline
function storeRow(
  t0: v128, t1: v128, t2: v128, u: usize, step: usize, channels: usize, c: usize, phase: usize, block: usize, blocks: usize,
): void {
  v128.store(weightAt(u, phase * channels + c, block, blocks), t0);
  innerWeights(t0, t2, weightAt(u, phase * 2 * channels + c, block, blocks) + step, step);
  innerWeights(f32x4.splat(0), t1, weightAt(u, (phase * 2 + 1) * channels + c, block, blocks) + step, step);
}

/**
 * f32 taps `[9][channels][8]` of block `block` -> one row of U, `[7][chunk of 32 k][blocks][k][8]` with k `[phase][channel]`;
 * (g0, g1, 0) is that row of G. Where g1 is 0, at point 0, there is no even phase.
 */
export function winograd6Stride2WeightRow(
  taps: usize, channels: usize, g0: f32, g1: f32, block: usize, blocks: usize, u: usize, step: usize,
): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  const row = channels * 96;
  for (let half: usize = 0; half < 32; half += 16) {
    for (let c: usize = 0; c < channels; c++) {
      const g = taps + c * 32 + half;
      storeRow(
        combined(g, channels, 0, a, b), combined(g, channels, 1, a, b), combined(g, channels, 2, a, b),
        u + half, step, channels, c, 0, block, blocks,
      );
      if (g1 == 0) continue;
      const middle = g + row;
      storeRow(
        f32x4.mul(b, v128.load(middle)), f32x4.mul(b, v128.load(middle + channels * 32)),
        f32x4.mul(b, v128.load(middle + channels * 64)), u + half, step, channels, c, 1, block, blocks,
      );
    }
  }
}
