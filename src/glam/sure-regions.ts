/**
 * @module
 * What the local network is sure of as a whole counts as a whole: the coarse map says whether a lesion is there, and of a wide one
 * it may show a part only.
 */
import { labelComponents } from "./components.ts";
import type { ClassMaps, LocalMap } from "./contracts.ts";
import { nearestIndices } from "./resize.ts";
import type { Size } from "./spec.ts";

/** A local probability from which a cell belongs to a region of sure cells. */
export const SURE = 0.9;

/**
 * For each cell of a local map the largest coarse saliency in its region of sure cells, joined by their sides; 0 where the
 * local network is not sure.
 * @param coarse `[2, h, w]`, of the whole canvas
 * @returns `[2, side, side]`
 */
export function coarseOfSureRegions(local: LocalMap, coarse: ClassMaps, canvas: Size): Float32Array {
  const { region, side, data } = local;
  const rows = coarseCells(region.box.top, region.box.height, side, canvas.height, coarse.height);
  const cols = coarseCells(region.box.left, region.box.width, side, canvas.width, coarse.width);
  const cells = side * side;
  const out = new Float32Array(2 * cells);
  for (let c = 0; c < 2; c++) {
    const first = c * cells;
    const { labels, components } = labelComponents(side, side, (cell) => data[first + cell] >= SURE);
    // By label; 0 is what the network is not sure of.
    const largest = new Float32Array(components.length + 1);
    for (let cell = 0; cell < cells; cell++) {
      const [row, col] = [rows[Math.floor(cell / side)], cols[cell % side]];
      if (labels[cell] === 0 || row < 0 || col < 0) continue;
      const value = coarse.data[(c * coarse.height + row) * coarse.width + col];
      largest[labels[cell]] = Math.max(largest[labels[cell]], value);
    }
    for (let cell = 0; cell < cells; cell++) out[first + cell] = largest[labels[cell]];
  }
  return out;
}

/** Which coarse row or column lies under the middle of each of a crop's cells; -1 outside the canvas. */
function coarseCells(start: number, length: number, side: number, canvas: number, coarse: number): Int32Array {
  const cells = nearestIndices(canvas, coarse);
  const from = Math.max(0, start);
  const to = Math.min(canvas, start + length);
  // A crop that reaches outside holds its pixels at the bottom right.
  return Int32Array.from({ length: side }, (_, cell) => {
    const at = Math.floor(((cell + 0.5) * length) / side) - length + to;
    return at >= from && at < to ? cells[at] : -1;
  });
}
