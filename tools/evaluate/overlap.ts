/**
 * @module
 * Overlap of outlined areas with a mask, at every threshold of a grid at once.
 */
import { outlinedRuns } from "../../src/glam/outlined-levels.ts";
import type { ByteMap } from "./peaks.ts";

/** The grid of thresholds, 0.02 apart. */
export const thresholds: readonly number[] = Array.from({ length: 49 }, (_, i) => (i + 1) / 50);

/** Index of the threshold that is nearest to `threshold`. */
export const nearestThreshold = (threshold: number): number =>
  Math.max(0, Math.min(thresholds.length - 1, Math.round(threshold * 50) - 1));

/** The lowest grey level of a map that reaches a threshold; the small constant is for products that round upwards. */
export const lowestLevel = (threshold: number): number => Math.ceil(255 * threshold - 1e-9);

/** Pixels that are outlined at each threshold: inside the mask, and in all; and pixels of the mask. */
export type Overlap = { both: number[]; above: number[]; mask: number };

/**
 * Overlap of the outlined areas with a mask, at each threshold.
 * @param mask non-zero inside, the layout of `map`
 * @param hysteresis share of the threshold that outlines reach down to
 */
export function measureOverlap(map: ByteMap, mask: Uint8Array, hysteresis: number): Overlap {
  if (hysteresis === 1) return overlapAbove(map.data, mask);
  const counts = thresholds.map((threshold) => {
    const count = { both: 0, above: 0 };
    for (const { y, start, end } of outlinedRuns(map.data, map, outliningAt(threshold, hysteresis)).runs) {
      count.above += end - start;
      for (let i = y * map.width + start; i < y * map.width + end; i++) if (mask[i] !== 0) count.both++;
    }
    return count;
  });
  return {
    both: counts.map(({ both }) => both),
    above: counts.map(({ above }) => above),
    mask: mask.reduce((sum, inside) => sum + Number(inside !== 0), 0),
  };
}

/** The levels at which a map of bytes is outlined as the fused map is at `threshold`. */
export const outliningAt = (threshold: number, hysteresis: number) => ({
  threshold: lowestLevel(threshold),
  low: Math.max(1, lowestLevel(threshold * hysteresis)),
});

/** The same without hysteresis, from one histogram. */
function overlapAbove(map: Uint8Array, mask: Uint8Array): Overlap {
  const inside = new Float64Array(256);
  const all = new Float64Array(256);
  for (let i = 0; i < map.length; i++) {
    all[map[i]]++;
    if (mask[i] !== 0) inside[map[i]]++;
  }
  const from = (histogram: Float64Array, threshold: number) => {
    let sum = 0;
    for (let level = lowestLevel(threshold); level < 256; level++) sum += histogram[level];
    return sum;
  };
  return {
    both: thresholds.map((threshold) => from(inside, threshold)),
    above: thresholds.map((threshold) => from(all, threshold)),
    mask: inside.reduce((sum, n) => sum + n, 0),
  };
}

/** Dice coefficient at a threshold's index, 2|A and B| / (|A| + |B|); 1 when both are empty. */
export const diceAt = ({ both, above, mask }: Overlap, index: number): number =>
  above[index] + mask === 0 ? 1 : (2 * both[index]) / (above[index] + mask);

/** Intersection over union at a threshold's index; 1 when both are empty. */
export function iouAt({ both, above, mask }: Overlap, index: number): number {
  const union = above[index] + mask - both[index];
  return union === 0 ? 1 : both[index] / union;
}
