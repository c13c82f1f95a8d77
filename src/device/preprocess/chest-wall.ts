/**
 * @module
 * On which side of the image the body is, from the pixels alone: archives disagree about how views are stored.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Mask } from "./morphology.ts";
import type { ChestWall } from "./types.ts";

/** Contact is counted within this share of the breast's width from each of its ends. */
const NEAR = 0.03;

/** The chest wall touches this many times as many rows as the other side. */
const CLEAR = 1.5;

/** A breast that fills this share of its bounding box is larger than the film. */
const FILLED = 0.75;

/**
 * The breast is cut off straight at the chest wall and round at the other side, so the side that it touches along more
 * rows is the chest wall. A breast that is larger than the film touches both; in an MLO view its upper part, where the
 * pectoral muscle is, still tells.
 * @throws GlamError `orientation-unclear`
 */
export function findChestWall(breast: Mask, projection: "CC" | "MLO"): ChestWall {
  const extent = findExtent(breast);
  const whole = compare(breast, extent, extent.bottom);
  if (whole !== undefined) return whole;
  if (projection === "MLO" && extent.filled >= FILLED) {
    const upper = compare(breast, extent, extent.top + Math.floor((extent.bottom - extent.top) / 3));
    if (upper !== undefined) return upper;
  }
  throw new GlamError(
    "orientation-unclear",
    "What is brighter than the background touches the left and the right side alike, so the chest wall cannot be told. " +
      'Say where it is: chestWall "left" or "right" (--chest-wall on the command line).',
  );
}

/** Bounding box, ends exclusive, and the share of it that the mask fills. */
type Extent = { top: number; bottom: number; left: number; right: number; filled: number };

function findExtent({ height, width, data }: Mask): Extent {
  let [top, bottom, left, right, area] = [height, 0, width, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      area++;
      top = Math.min(top, y);
      bottom = y + 1;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
    }
  }
  return { top, bottom, left, right, filled: area / ((bottom - top) * (right - left)) };
}

/** The side with clearly more contact in the rows above `bottom`. */
function compare({ width, data }: Mask, { top, left, right }: Extent, bottom: number): ChestWall | undefined {
  const margin = Math.floor(NEAR * (right - left));
  let [first, last] = [0, 0];
  for (let y = top; y < bottom; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const start = row.indexOf(1);
    if (start < 0) continue;
    if (start <= left + margin) first++;
    if (row.lastIndexOf(1) >= right - 1 - margin) last++;
  }
  if (first > last && first >= CLEAR * last) return "left";
  if (last > first && last >= CLEAR * first) return "right";
  return undefined;
}
