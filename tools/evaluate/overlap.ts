/**
 * @module
 * How well a thresholded map covers a mask, at every threshold of a grid at once.
 */

/** Thresholds that are looked at, 0.02 apart. */
export const thresholds: readonly number[] = Array.from({ length: 49 }, (_, i) => (i + 1) / 50);

/** Index of the threshold that is nearest to `threshold`. */
export const nearestThreshold = (threshold: number): number =>
  Math.max(0, Math.min(thresholds.length - 1, Math.round(threshold * 50) - 1));

/** The lowest grey level of a map that reaches a threshold; the tiny bit is for products that round upwards. */
export const lowestLevel = (threshold: number): number => Math.ceil(255 * threshold - 1e-9);

/** Pixels above each threshold: inside the mask, and in all; and pixels of the mask. */
export type Overlap = { both: number[]; above: number[]; mask: number };

/**
 * @param map grey level = round(255 * probability), any layout
 * @param mask non-zero inside, the layout of `map`
 */
export function measureOverlap(map: Uint8Array, mask: Uint8Array): Overlap {
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
