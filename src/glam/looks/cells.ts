/**
 * @module
 * Looks of a small picture of the breast, its cells: contrast, brightness towards the skin, bright and dark spots.
 */
import type { Grey } from "./details.ts";

/** Keeps divisors above 0, grey levels. */
const NOTHING = 1e-6;

/** Mean and standard deviation of the cells that are breast. */
function moments(levels: Grey["levels"]): { mean: number; std: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const level of levels) {
    if (level === 0) continue;
    count++;
    sum += level;
    squares += level * level;
  }
  const mean = sum / Math.max(1, count);
  return { mean, std: Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean)) };
}

/** Log of the standard deviation as a share of the mean, both over the breast. */
export function contrast({ levels }: Grey): number {
  const { mean, std } = moments(levels);
  return Math.log((std + NOTHING) / (mean + NOTHING));
}

/** Share of the cells that are breast. */
export function area({ levels }: Grey): number {
  let count = 0;
  for (const level of levels) if (level > 0) count++;
  return count / Math.max(1, levels.length);
}

/**
 * How much brighter the breast is near its outline than deep inside, in standard deviations. Near is from 1/32 to 1/14 of the canvas's
 * height away, along rows and columns: 8 to 19 mm on 261 mm. The canvas's edge is no outline.
 */
export function rim(cells: Grey): number {
  const depth = depths(cells);
  const [near, far] = [cells.height / 32, cells.height / 14];
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < depth.length; i++) {
    if (depth[i] <= near) continue;
    const which = depth[i] <= far ? 0 : 1;
    sums[which] += cells.levels[i];
    counts[which]++;
  }
  if (counts[0] === 0 || counts[1] === 0) return 0;
  return (sums[0] / counts[0] - sums[1] / counts[1]) / (moments(cells.levels).std + NOTHING);
}

/** City-block distance of every cell to the background, in cells; 0 on it. */
function depths({ height, width, levels }: Grey): Uint16Array {
  const far = 0xfffe;
  const depth = new Uint16Array(height * width);
  for (let i = 0; i < depth.length; i++) {
    if (levels[i] === 0) continue;
    const above = i >= width ? depth[i - width] : far;
    const left = i % width > 0 ? depth[i - 1] : far;
    depth[i] = Math.min(far, above, left) + 1;
  }
  for (let i = depth.length - 1; i >= 0; i--) {
    if (levels[i] === 0) continue;
    const below = i + width < depth.length ? depth[i + width] : far;
    const right = i % width < width - 1 ? depth[i + 1] : far;
    depth[i] = Math.min(depth[i], below + 1, right + 1);
  }
  return depth;
}

/**
 * Bright spots minus dark ones, as a share of both: -1 to 1. A spot differs from the mean of its four neighbours by more than twice what
 * cells differ in the mean. Strands and calcifications are bright.
 */
export function spots({ height, width, levels }: Grey): number {
  const differences: number[] = [];
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const [a, b, c, d] = [levels[i - 1], levels[i + 1], levels[i - width], levels[i + width]];
      if (levels[i] === 0 || a === 0 || b === 0 || c === 0 || d === 0) continue;
      const difference = levels[i] - (a + b + c + d) / 4;
      differences.push(difference);
      sum += Math.abs(difference);
    }
  }
  const much = (2 * sum) / Math.max(1, differences.length);
  let bright = 0;
  let dark = 0;
  for (const difference of differences) {
    if (difference > much) bright++;
    else if (difference < -much) dark++;
  }
  return (bright - dark) / (bright + dark + 1);
}

/** How far the breast's last row reaches, as a share of how far any row does: 1 where the picture ends in the middle of it. */
export function cutBelow({ height, width, levels }: Grey): number {
  let [widest, last] = [0, 0];
  for (let y = 0; y < height; y++) {
    let reach = width;
    while (reach > 0 && levels[y * width + reach - 1] === 0) reach--;
    if (reach === 0) continue;
    widest = Math.max(widest, reach);
    last = reach;
  }
  return widest === 0 ? 0 : last / widest;
}
