/**
 * @module
 * Refuses negatives (DICOM's MONOCHROME1): their background would be taken for a breast.
 */
import type { Box } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Thumbnail } from "./reduce.ts";

/** A negative's most frequent level is at least this. */
const BRIGHT = 128;

/** Shares of the film within `NEAR_MODE` levels of that level, and of the film's edge within `NEAR_EDGE`. */
const SHARE = 0.15;
const NEAR_MODE = 4;
const EDGE_SHARE = 0.45;
const NEAR_EDGE = 10;

/** How far inside the film its edge is looked at: scanners blur the outermost pixels. */
const INSET = 2;

/** @throws GlamError `breast-not-found` when the background is bright */
export function refuseInverted({ width, levels }: Thumbnail, area: Box): void {
  const histogram = new Float64Array(256);
  const edge = new Float64Array(256);
  const last = { y: area.height - 1 - INSET, x: area.width - 1 - INSET };
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      const level = levels[(area.top + y) * width + area.left + x];
      histogram[level]++;
      if (y === INSET || y === last.y || x === INSET || x === last.x) edge[level]++;
    }
  }
  let [mode, most] = [0, -1];
  for (let level = 0; level < 256; level++) {
    const near = share(histogram, level, NEAR_MODE);
    if (near > most) [mode, most] = [level, near];
  }
  if (mode < BRIGHT || most < SHARE || share(edge, mode, NEAR_EDGE) < EDGE_SHARE) return;
  throw new GlamError(
    "breast-not-found",
    "The background is bright: the image seems to be a negative (MONOCHROME1). Invert it, so that air is dark.",
  );
}

/** Share of a histogram within `reach` levels of one. */
function share(histogram: Float64Array, level: number, reach: number): number {
  let inside = 0;
  let total = 0;
  histogram.forEach((count, k) => {
    total += count;
    if (Math.abs(k - level) <= reach) inside += count;
  });
  return total === 0 ? 0 : inside / total;
}
