/**
 * @module
 * The far end of what an image shows: the last columns of the box around its non-zero pixels, where the breast ends.
 */
import type { Box, Canvas } from "../glam/contracts.ts";

/** Grey levels of the far edge: share of zeros, median, and the distance from the 10th to the 90th percentile. */
export type FarEdge = { zeroShare: number; median: number; spread: number };

/** The box around the non-zero pixels; there is at least one. */
function nonZeroBox({ height, width, pixels }: Canvas): Box {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    top = Math.min(top, y);
    bottom = y;
    left = Math.min(left, first);
    right = Math.max(
      right,
      row.findLastIndex((value) => value > 0),
    );
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** Grey levels in the last 1 % of the columns of the box around the non-zero pixels. */
export function farEdge(canvas: Canvas): FarEdge {
  const box = nonZeroBox(canvas);
  const columns = Math.ceil(box.width / 100);
  const values = new Uint16Array(box.height * columns);
  for (let y = 0; y < box.height; y++) {
    const end = (box.top + y) * canvas.width + box.left + box.width;
    values.set(canvas.pixels.subarray(end - columns, end), y * columns);
  }
  values.sort();
  const quantile = (q: number) => values[Math.round(q * (values.length - 1))];
  const firstNonZero = values.findIndex((value) => value > 0);
  return {
    zeroShare: firstNonZero / values.length,
    median: quantile(0.5),
    spread: quantile(0.9) - quantile(0.1),
  };
}
