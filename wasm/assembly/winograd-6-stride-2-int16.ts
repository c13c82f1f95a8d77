import { TILE_ROWS, TILES } from "./scratch";
import { innerWeights } from "./winograd-6";
import {
  BLOCK_BYTES, CHUNK_PLANES, loadRounding, PANEL_BYTES, quantiseBlock, scaleTile, storeProduct, WEIGHTS_STEP,
} from "./winograd-6-int16";
import { combined, inputPhases, phasesAt, tileRows13 } from "./winograd-6-stride-2";

/*
 * The phases of a stride-2 convolution with products of 16-bit integers: each chunk of 64 channels of one phase has scales of
 * its own.
 */

/** Bytes between the scales that make integers of a tile and those that undo it. */
const UNDO: usize = 704;

/** The tile in the scratch to lane `lane` of the panels of its chunk; `phaseBytes` lie between phases of a position. */
function storePhases(v: usize, step: usize, phaseBytes: usize, lane: usize): void {
  const rounding = loadRounding();
  let product: usize = 0;
  for (let row: usize = 0; row < 7; row++) {
    for (let column: usize = 0; column < 7; column++) {
      const phases = phasesAt(row, column);
      for (let phase: usize = 0; phase < phases; phase++) {
        storeProduct(product, UNDO, v + phase * phaseBytes, lane, rounding);
        product++;
      }
      v += step;
    }
  }
}

/**
 * Input rows -> V `[49][phase][chunk of 16 planes][panel][4 tiles of 64 int16, 4 f32 scales]`; the input is that of
 * `winograd6Stride2Input`, `planes` a multiple of 16.
 */
export function winograd6Stride2InputInt16(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, tileRows: i32, tileCols: i32, columns: i32, v: usize, step: usize,
): void {
  const panels = <usize>((tileRows * tileCols + 3) >> 2);
  const chunks = <usize>planes / CHUNK_PLANES;
  for (let ty = 0; ty < tileRows; ty++) {
    const y = (top + ty * 6) * 2 - 1;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      for (let tx = 0; tx < tileCols; tx++) {
        const from = base + chunk * CHUNK_PLANES * planeBytes + <usize>tx * 192;
        tileRows13(TILE_ROWS, from, rowBytes, planeBytes, low, high, y, zero);
        const wide = <usize>min(13, columns - tx * 12) * 16;
        for (let plane: usize = 0; plane < CHUNK_PLANES; plane++) {
          inputPhases(TILE_ROWS, wide, TILES + plane * 16, 256);
        }
        scaleTile(169, UNDO);
        const tile = <usize>(ty * tileCols + tx);
        storePhases(
          v + (chunk * panels + (tile >> 2)) * PANEL_BYTES, step, chunks * panels * PANEL_BYTES, tile & 3,
        );
      }
    }
  }
}

/** 13 products in the scratch to U: at point 0, then six of the odd columns and six of the even ones, behind them. */
function quantisePhases(zero: usize, odd: usize, even: usize, step: usize): void {
  quantiseBlock(TILES, zero);
  for (let p: usize = 1; p < 7; p++) {
    quantiseBlock(TILES + p * WEIGHTS_STEP, odd + p * step);
    quantiseBlock(TILES + (p + 6) * WEIGHTS_STEP, even + p * step);
  }
}

@inline
function transformWeights(t0: v128, t1: v128, t2: v128, at: usize): void {
  v128.store(TILES + at, t0);
  innerWeights(t0, t2, TILES + WEIGHTS_STEP + at, WEIGHTS_STEP);
  innerWeights(f32x4.splat(0), t1, TILES + 7 * WEIGHTS_STEP + at, WEIGHTS_STEP);
}

/**
 * f32 taps `[9][channels][8]`, of which a chunk of 64 channels begins at `taps` -> one row of U, `[7][phase]`; a block of it
 * is as `winograd6WeightRowInt16` stores it, `phaseBytes` lie between phases. (g0, g1, 0) is that row of G.
 */
export function winograd6Stride2WeightRowInt16(
  taps: usize, channels: usize, g0: f32, g1: f32, phaseBytes: usize, u: usize, step: usize,
): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  for (let at: usize = 0; at < 2048; at += 16) {
    const g = taps + at;
    transformWeights(combined(g, channels, 0, a, b), combined(g, channels, 1, a, b), combined(g, channels, 2, a, b), at);
  }
  quantisePhases(u, u, u + phaseBytes, step);
  if (g1 == 0) return;
  for (let at: usize = 0; at < 2048; at += 16) {
    const g = taps + at + channels * 96;
    transformWeights(
      f32x4.mul(b, v128.load(g)), f32x4.mul(b, v128.load(g + channels * 32)), f32x4.mul(b, v128.load(g + channels * 64)), at,
    );
  }
  // At point 0 the even rows are the second phase, elsewhere the third and fourth.
  quantisePhases(u + phaseBytes, u + 2 * phaseBytes, u + 3 * phaseBytes, step);
}
