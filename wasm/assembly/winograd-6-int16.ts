import { madd } from "./madd";
import { SCALES, TILE_ROWS, TILES } from "./scratch";
import { gemmInt16Chunk } from "./unrolled-int16";
import { inputTile, weight1d } from "./winograd-6";

/*
 * F(6x6,3x3) with products of 16-bit integers. The 64 channels of a chunk have one scale for each position and tile, and one
 * for each position and output channel: both vectors are made so long that their product's bound (Cauchy-Schwarz) is just
 * below 2^31, so no sum of products overflows whatever the values are.
 */

/** Planes of four channels that have a scale in common. */
export const CHUNK_PLANES: usize = 16;
/** Four tiles of a chunk, 64 int16 each, and their four scales. */
export const PANEL_BYTES: usize = 528;
/** A chunk of eight output channels: `[32 pairs][8][2]` int16, and eight scales. */
export const BLOCK_BYTES: usize = 1056;
/** Length of a tile's vector of 64 integers; no element of it is longer. */
const INPUT_LENGTH: f32 = 32760;
/** Length of a vector of 64 weights: (32760 + 4) * (65500 + 4) < 2^31, where 4 = sqrt(64) / 2 is for rounding. */
const WEIGHT_LENGTH: f32 = 65500;
const WEIGHT_MOST: f32 = 32767;
/** Squared lengths below this are taken for it, so that zeros have a scale. */
const SHORTEST: f32 = 1e-30;

/** 1.5 * 2^23: what is added to it is rounded to an integer, ties to even, which is then the difference of the bits. */
const ROUNDING = memory.data<f32>([12582912]);

/** round(x * s) above the bits of `rounding`. */
@inline
function rounded(x: v128, s: v128, rounding: v128): v128 {
  return f32x4.add(f32x4.mul(x, s), rounding);
}

/** round(x * s) and round(y * s) as int16. */
@inline
function integers(x: v128, y: v128, s: v128, rounding: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.sub(rounded(x, s, rounding), rounding), i32x4.sub(rounded(y, s, rounding), rounding),
  );
}

@inline
function squares(x: v128, sum: v128): v128 {
  return f32x4.add(f32x4.mul(x, x), sum);
}

/** Sum of squares of a tile's 16 planes at one position `[16][4]`, in four parts. */
@inline
function squaresOf(from: usize): v128 {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  for (let i: usize = 0; i < 256; i += 64) {
    even = squares(v128.load(from + i), even);
    odd = squares(v128.load(from + i, 16), odd);
    even = squares(v128.load(from + i, 32), even);
    odd = squares(v128.load(from + i, 48), odd);
  }
  return f32x4.add(even, odd);
}

/**
 * Scales of the tile in the scratch, for four of its `count` products at a time: what makes integers, and `undo` bytes behind
 * it what undoes that.
 */
export function scaleTile(count: usize, undo: usize): void {
  for (let p: usize = 0; p < count; p += 4) {
    const from = TILES + p * 256;
    const a = squaresOf(from);
    const b = squaresOf(from + 256);
    const c = squaresOf(from + 512);
    const d = squaresOf(from + 768);
    const ab = f32x4.add(v128.shuffle<u32>(a, b, 0, 4, 1, 5), v128.shuffle<u32>(a, b, 2, 6, 3, 7));
    const cd = f32x4.add(v128.shuffle<u32>(c, d, 0, 4, 1, 5), v128.shuffle<u32>(c, d, 2, 6, 3, 7));
    const sum = f32x4.add(v128.shuffle<u64>(ab, cd, 0, 2), v128.shuffle<u64>(ab, cd, 1, 3));
    const length = f32x4.sqrt(f32x4.max(sum, f32x4.splat(SHORTEST)));
    v128.store(SCALES + p * 4, f32x4.div(f32x4.splat(INPUT_LENGTH), length));
    v128.store(SCALES + undo + p * 4, f32x4.mul(length, f32x4.splat(1 / INPUT_LENGTH)));
  }
}

/** Product `p` of the tile in the scratch as 64 int16 to lane `lane` of a panel. */
@inline
export function storeProduct(p: usize, undo: usize, panel: usize, lane: usize, rounding: v128): void {
  const from = TILES + p * 256;
  const to = panel + lane * 128;
  const s = v128.load_splat<f32>(SCALES + p * 4);
  store<f32>(panel + lane * 4, load<f32>(SCALES + undo + p * 4), 512);
  for (let i: usize = 0; i < 128; i += 32) {
    const at = from + i * 2;
    v128.store(to + i, integers(v128.load(at), v128.load(at, 16), s, rounding));
    v128.store(to + i, integers(v128.load(at, 32), v128.load(at, 48), s, rounding), 16);
  }
}

/** Loaded once, it stays in a register; a literal would be made again for every vector. */
@inline
export function loadRounding(): v128 {
  return v128.load_splat<f32>(ROUNDING);
}

/** The tile in the scratch, 64 int16 of each position, to lane `lane` of a panel. */
function storeTile(v: usize, step: usize, lane: usize): void {
  const rounding = loadRounding();
  for (let p: usize = 0; p < 64; p++) {
    storeProduct(p, 256, v, lane, rounding);
    v += step;
  }
}

/**
 * Input rows -> V `[64][chunk of 16 planes][panel][4 tiles of 64 int16, 4 f32 scales]`, positions `step` bytes apart; the input
 * is that of `winograd4Input`, `planes` a multiple of 16. Tiles are taken row by row in one chunk, which stays in the cache.
 */
export function winograd6InputInt16(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, tileRows: i32, tileCols: i32, v: usize, step: usize,
): void {
  const panels = <usize>((tileRows * tileCols + 3) >> 2);
  const chunks = <usize>planes / CHUNK_PLANES;
  for (let ty = 0; ty < tileRows; ty++) {
    const y = top + ty * 6 - 1;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      for (let tx = 0; tx < tileCols; tx++) {
        for (let i = 0; i < 8; i++) {
          const inside = y + i >= low && y + i < high;
          const row = base + <usize>(y + i) * rowBytes + chunk * CHUNK_PLANES * planeBytes + <usize>tx * 96;
          store<usize>(TILE_ROWS + <usize>i * 8, inside ? row : zero);
          store<usize>(TILE_ROWS + <usize>i * 8, inside ? planeBytes : 0, 4);
        }
        for (let plane: usize = 0; plane < CHUNK_PLANES; plane++) inputTile(TILE_ROWS, TILES + plane * 16, 256);
        const tile = <usize>(ty * tileCols + tx);
        scaleTile(64, 256);
        storeTile(v + (chunk * panels + (tile >> 2)) * PANEL_BYTES, step, tile & 3);
      }
    }
  }
}

/** Bytes between positions in the scratch of weights: `[64][8]` f32 and a cache line. */
export const WEIGHTS_STEP: usize = 2112;

const LOW_HALF = memory.data<u32>([0xffff]);

/** The low halves of a and b as pairs. */
@inline
function pair(a: v128, b: v128, low: v128): v128 {
  return v128.or(v128.and(a, low), i32x4.shl(b, 16));
}

@inline
function squareAt(from: usize): v128 {
  const x = v128.load(from);
  return f32x4.mul(x, x);
}

/** Four output channels of a chunk `[64][8]` f32 -> pairs of int16 `[32][8][2]` and their scales. */
@inline
function quantiseWeights(from: usize, to: usize, scale: usize): void {
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let sum2 = zero;
  let sum3 = zero;
  let most = zero;
  for (let k: usize = 0; k < 2048; k += 128) {
    const a = squareAt(from + k);
    const b = squareAt(from + k + 32);
    const c = squareAt(from + k + 64);
    const d = squareAt(from + k + 96);
    sum0 = f32x4.add(sum0, a);
    sum1 = f32x4.add(sum1, b);
    sum2 = f32x4.add(sum2, c);
    sum3 = f32x4.add(sum3, d);
    most = f32x4.pmax(most, f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)));
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)), f32x4.splat(SHORTEST));
  const length = f32x4.mul(f32x4.sqrt(sum), f32x4.splat(1 / WEIGHT_LENGTH));
  const unit = f32x4.pmax(length, f32x4.mul(f32x4.sqrt(most), f32x4.splat(1 / WEIGHT_MOST)));
  v128.store(scale, unit);
  const s = f32x4.div(f32x4.splat(1), unit);
  const rounding = v128.load_splat<f32>(ROUNDING);
  const low = v128.load_splat<u32>(LOW_HALF);
  for (let k: usize = 0; k < 2048; k += 128) {
    const at = from + k;
    const pairs = to + (k >> 1);
    v128.store(pairs, pair(rounded(v128.load(at), s, rounding), rounded(v128.load(at, 32), s, rounding), low));
    v128.store(pairs, pair(rounded(v128.load(at, 64), s, rounding), rounded(v128.load(at, 96), s, rounding), low), 32);
  }
}

/** A chunk of eight output channels `[64][8]` f32 -> pairs of int16 `[32][8][2]` and eight scales. */
@inline
export function quantiseBlock(from: usize, to: usize): void {
  quantiseWeights(from, to, to + 1024);
  quantiseWeights(from + 16, to + 16, to + 1040);
}

/** Four of eight int8 as f32. */
@inline
function lower(wide: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide));
}

@inline
function upper(wide: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide));
}

/**
 * int8 taps of a chunk `[64][9][8]` -> the 8 positions of one row of U, each `[32 pairs][8][2]` int16 and 8 f32 scales;
 * (g0, g1, g2) is that row of G.
 */
export function winograd6WeightRowInt16(g: usize, g0: f32, g1: f32, g2: f32, u: usize, step: usize): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  const c = f32x4.splat(g2);
  for (let k: usize = 0; k < 64; k++) {
    const x0 = v128.load_ext<i8>(g);
    const y0 = v128.load_ext<i8>(g, 24);
    const z0 = v128.load_ext<i8>(g, 48);
    const x1 = v128.load_ext<i8>(g, 8);
    const y1 = v128.load_ext<i8>(g, 32);
    const z1 = v128.load_ext<i8>(g, 56);
    const x2 = v128.load_ext<i8>(g, 16);
    const y2 = v128.load_ext<i8>(g, 40);
    const z2 = v128.load_ext<i8>(g, 64);
    weight1d(
      madd(c, lower(z0), madd(b, lower(y0), f32x4.mul(a, lower(x0)))),
      madd(c, lower(z1), madd(b, lower(y1), f32x4.mul(a, lower(x1)))),
      madd(c, lower(z2), madd(b, lower(y2), f32x4.mul(a, lower(x2)))),
      TILES + k * 32, WEIGHTS_STEP,
    );
    weight1d(
      madd(c, upper(z0), madd(b, upper(y0), f32x4.mul(a, upper(x0)))),
      madd(c, upper(z1), madd(b, upper(y1), f32x4.mul(a, upper(x1)))),
      madd(c, upper(z2), madd(b, upper(y2), f32x4.mul(a, upper(x2)))),
      TILES + k * 32 + 16, WEIGHTS_STEP,
    );
    g += 72;
  }
  quantiseRow(u, step);
}

/** The 8 positions of a row in the scratch to U. */
function quantiseRow(u: usize, step: usize): void {
  for (let p: usize = 0; p < 8; p++) {
    quantiseBlock(TILES + p * WEIGHTS_STEP, u);
    u += step;
  }
}

/** Like `winograd6WeightRowInt16`, of f32 taps. */
export function winograd6WeightRowFloat(g: usize, g0: f32, g1: f32, g2: f32, u: usize, step: usize): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  const c = f32x4.splat(g2);
  for (let k: usize = 0; k < 64 * 32; k += 32) {
    for (let half: usize = 0; half < 32; half += 16) {
      const f = g + half;
      weight1d(
        madd(c, v128.load(f, 192), madd(b, v128.load(f, 96), f32x4.mul(a, v128.load(f)))),
        madd(c, v128.load(f, 224), madd(b, v128.load(f, 128), f32x4.mul(a, v128.load(f, 32)))),
        madd(c, v128.load(f, 256), madd(b, v128.load(f, 160), f32x4.mul(a, v128.load(f, 64)))),
        TILES + k + half, WEIGHTS_STEP,
      );
    }
    g += 288;
  }
  quantiseRow(u, step);
}

/**
 * M = V U for each of `count` positions, steps in bytes. V as `winograd6InputInt16` stores it, U `[chunk][block]` of what
 * `winograd6WeightRowInt16` stores, M `[blocks * 2][panels * 4][4]` f32.
 */
export function gemmBatchInt16(
  a: usize, aStep: usize, b: usize, bStep: usize, m: usize, mStep: usize,
  count: i32, panels: i32, blocks: i32, chunks: i32,
): void {
  for (let i = 0; i < count; i++) {
    for (let chunk: usize = 0; chunk < <usize>chunks; chunk++) {
      gemmInt16Chunk(
        a + chunk * <usize>panels * PANEL_BYTES, b + chunk * <usize>blocks * BLOCK_BYTES, m, panels, blocks, chunk == 0,
      );
    }
    a += aStep;
    b += bStep;
    m += mStep;
  }
}
