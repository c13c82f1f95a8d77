/**
 * @module
 * Which crops the local network looks at, as in GLAM's published code.
 */
import type { ClassMaps, Region } from "./contracts.ts";
import type { Size, Spec } from "./spec.ts";

/** Regions in the order they were chosen, and the classes whose saliency was constant and therefore did not count. */
export type RegionChoice = { regions: Region[]; constantClasses: (0 | 1)[] };

/** Rounds half to even, as Python and numpy do. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The window of one crop in cells of the saliency map. */
export function regionWindow(spec: Pick<Spec, "canvas" | "crop" | "saliency">): Size {
  return {
    height: Math.max(1, roundHalfEven((spec.crop * spec.saliency.height) / spec.canvas.height)),
    width: Math.max(1, roundHalfEven((spec.crop * spec.saliency.width) / spec.canvas.width)),
  };
}

/**
 * Chooses `count` windows: min-max normalise each class, add them, take the window with the largest mean (the first in
 * row-major order on a tie), set it to 0, repeat. A constant class becomes an all-zero map.
 * @param saliency S, `[2, h, w]`, probability
 */
export function chooseRegions(
  saliency: ClassMaps,
  spec: Pick<Spec, "canvas" | "crop" | "saliency">,
  count: number,
): RegionChoice {
  const { height, width } = saliency;
  const { sum, constantClasses } = normalisedSum(saliency);
  const window = regionWindow(spec);
  const regions: Region[] = [];
  for (let rank = 0; rank < count; rank++) {
    const { row, col } = largestWindow(sum, { height, width }, window);
    for (let y = row; y < row + window.height; y++) sum.fill(0, y * width + col, y * width + col + window.width);
    regions.push({
      rank,
      box: {
        top: roundHalfEven((row / height) * spec.canvas.height),
        left: roundHalfEven((col / width) * spec.canvas.width),
        height: spec.crop,
        width: spec.crop,
      },
    });
  }
  return { regions, constantClasses };
}

/** Sum of the min-max normalised classes, `[h, w]` float64. */
function normalisedSum({ height, width, data }: ClassMaps): { sum: Float64Array; constantClasses: (0 | 1)[] } {
  const cells = height * width;
  const sum = new Float64Array(cells);
  const constantClasses: (0 | 1)[] = [];
  for (const c of [0, 1] as const) {
    const values = data.subarray(c * cells, (c + 1) * cells);
    let min = Infinity;
    let max = -Infinity;
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (max === min) {
      constantClasses.push(c);
      continue;
    }
    for (let i = 0; i < cells; i++) sum[i] += (values[i] - min) / (max - min);
  }
  return { sum, constantClasses };
}

/**
 * Top left cell of the window with the largest sum. Each window is summed by itself, in one order: a summed-area table
 * would round differently and could turn exact ties into near ties.
 */
function largestWindow(map: Float64Array, { height, width }: Size, window: Size): { row: number; col: number } {
  // Two passes keep the order fixed for every window: first along the rows, then down the columns.
  const cols = width - window.width + 1;
  const rows = height - window.height + 1;
  const across = new Float64Array(height * cols);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < cols; x++) {
      let sum = 0;
      for (let i = 0; i < window.width; i++) sum += map[y * width + x + i];
      across[y * cols + x] = sum;
    }
  }
  let best = { row: 0, col: 0, sum: -Infinity };
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++) {
      let sum = 0;
      for (let i = 0; i < window.height; i++) sum += across[(y + i) * cols + x];
      if (sum > best.sum) best = { row: y, col: x, sum };
    }
  }
  return best;
}
