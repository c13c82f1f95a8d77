/**
 * @module
 * What the local network is sure of as a whole counts as a whole: the coarse map says whether a lesion is there, and of a wide one
 * it may show a part only.
 */
import type { ClassMaps } from "./contracts.ts";
import type { LocalMap } from "./merge.ts";
import { nearestIndices } from "./resize.ts";
import type { Size } from "./spec.ts";

/** A local probability from which a cell belongs to a region of sure cells. */
export const SURE = 0.7;

/**
 * For each cell of a local map the largest coarse saliency in its region of sure cells, joined by their sides; 0 where the
 * local network is not sure.
 * @param coarse `[2, h, w]`, of the whole canvas
 * @returns `[2, side, side]`
 */
export function coarseOfSureRegions(local: LocalMap, coarse: ClassMaps, canvas: Size): Float32Array {
  const { side, data } = local;
  const below = coarseCells(local.region.box.top, local.region.box.height, side, canvas.height, coarse.height);
  const beside = coarseCells(local.region.box.left, local.region.box.width, side, canvas.width, coarse.width);
  const out = new Float32Array(data.length);
  const seen = new Uint8Array(data.length);
  const region = new Int32Array(side * side);
  for (let start = 0; start < data.length; start++) {
    if (seen[start] || !(data[start] >= SURE)) continue;
    const first = start - (start % (side * side));
    const plane = (first / (side * side)) * coarse.height * coarse.width;
    let count = 0;
    let largest = 0;
    const visit = (cell: number) => {
      if (seen[cell] || !(data[cell] >= SURE)) return;
      seen[cell] = 1;
      region[count++] = cell;
    };
    visit(start);
    for (let k = 0; k < count; k++) {
      const cell = region[k];
      const row = Math.floor((cell - first) / side);
      const col = (cell - first) % side;
      if (below[row] >= 0 && beside[col] >= 0)
        largest = Math.max(largest, coarse.data[plane + below[row] * coarse.width + beside[col]]);
      if (row > 0) visit(cell - side);
      if (row < side - 1) visit(cell + side);
      if (col > 0) visit(cell - 1);
      if (col < side - 1) visit(cell + 1);
    }
    for (let k = 0; k < count; k++) out[region[k]] = largest;
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
