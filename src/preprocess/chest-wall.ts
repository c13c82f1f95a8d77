/**
 * @module
 * On which side of the image the body is, from the pixels alone: archives disagree about how views are stored.
 */
import { GlamError } from "../glam/problem.ts";
import type { Mask } from "./morphology.ts";
import type { ChestWall } from "./types.ts";

/** Contact is counted within this share of the breast's width from each of its ends. */
const NEAR = 0.03;

/** The chest wall touches this many times as many rows as the other side. */
const CLEAR = 1.5;

/**
 * The breast is cut off straight at the chest wall and round at the other side, so the side that it touches along more
 * rows is the chest wall.
 * @throws GlamError `orientation-unclear`
 */
export function findChestWall({ height, width, data }: Mask): ChestWall {
  let [first, last] = [width, -1];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const x = i % width;
    if (x < first) first = x;
    if (x > last) last = x;
  }
  const margin = Math.floor(NEAR * (last - first + 1));
  let [left, right] = [0, 0];
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const start = row.indexOf(1);
    if (start < 0) continue;
    if (start <= first + margin) left++;
    if (row.lastIndexOf(1) >= last - margin) right++;
  }
  if (left >= CLEAR * right) return "left";
  if (right >= CLEAR * left) return "right";
  throw new GlamError(
    "orientation-unclear",
    "The image touches its left and right side alike, so the chest wall cannot be told; is it inverted? " +
      'If not, say where it is: chestWall "left" or "right" (--chest-wall on the command line).',
  );
}
