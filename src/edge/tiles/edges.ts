/**
 * @module
 * The two ends of what an image shows: the first and the last columns of the box around its non-zero pixels. A breast
 * begins at its chest wall and ends in a point.
 */
import type { Box, Canvas } from "../../glam/contracts.ts";

/** Grey levels of an edge: share of zeros, median, and the distance from the 10th to the 90th percentile. */
export type Edge = { zeroShare: number; median: number; spread: number };

/** The box around the non-zero pixels; there is at least one. */
function nonZeroBox({ height, width, pixels }: Canvas): Box {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = 0;
    while (first < width && pixels[row + first] === 0) first++;
    if (first === width) continue;
    let last = width - 1;
    while (pixels[row + last] === 0) last--;
    top = Math.min(top, y);
    bottom = y;
    left = Math.min(left, first);
    right = Math.max(right, last);
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** Grey levels of some whole columns of the box. */
function columnsOf({ width, pixels }: Canvas, box: Box, left: number, columns: number): Edge {
  const values = new Uint16Array(box.height * columns);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + left;
    values.set(pixels.subarray(start, start + columns), y * columns);
  }
  values.sort();
  const quantile = (q: number) => values[Math.round(q * (values.length - 1))];
  const firstNonZero = values.findIndex((value) => value > 0);
  return {
    zeroShare: (firstNonZero < 0 ? values.length : firstNonZero) / values.length,
    median: quantile(0.5),
    spread: quantile(0.9) - quantile(0.1),
  };
}

/** The first (`near`) and last (`far`) 1 % of the columns of the box around the non-zero pixels; there is at least one. */
export function edges(canvas: Canvas): { near: Edge; far: Edge } {
  const box = nonZeroBox(canvas);
  const columns = Math.ceil(box.width / 100);
  return {
    near: columnsOf(canvas, box, box.left, columns),
    far: columnsOf(canvas, box, box.left + box.width - columns, columns),
  };
}
