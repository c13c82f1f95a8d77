/**
 * @module
 * The fused map row by row: what `mergeMaps` makes at once, to the last bit, in the memory of two rows.
 */
import type { ClassMaps, LocalMap, MapRows } from "./contracts.ts";
import { fusions } from "./merge.ts";
import { nearestIndices } from "./resize.ts";
import type { Size, Spec } from "./spec.ts";

/** The fused map at canvas size. */
export type FusedMap = Size & {
  /** @param c 0 benign, 1 malignant */
  classRows(c: 0 | 1): MapRows;
};

/** Where a local map lies on the canvas, and which of its cells each canvas pixel shows. */
type Patch = {
  y0: number;
  y1: number;
  x0: number;
  x1: number;
  rows: Int32Array;
  cols: Int32Array;
  local: LocalMap;
};

/** See `mergeMaps` for a crop that reaches outside the canvas. */
function placePatch(local: LocalMap, canvas: Size): Patch {
  const { top, left, height, width } = local.region.box;
  const y0 = Math.max(0, top);
  const y1 = Math.min(canvas.height, top + height);
  const x0 = Math.max(0, left);
  const x1 = Math.min(canvas.width, left + width);
  const rows = nearestIndices(height, local.side).subarray(height - (y1 - y0));
  const cols = nearestIndices(width, local.side).subarray(width - (x1 - x0));
  return { y0, y1, x0, x1, rows, cols, local };
}

/** What one axis shows: the coarse map everywhere, and cells of local maps from `from` on. */
type Shown = { coarse: Int32Array; locals: { from: number; cells: Int32Array }[] };

/** Where an axis begins to show other cells than before, 0 first and its length last. */
function startsOf({ coarse, locals }: Shown): number[] {
  const begins = new Uint8Array(coarse.length + 1);
  for (const { from, cells } of [{ from: 0, cells: coarse }, ...locals]) {
    for (let i = 0; i < cells.length; i++) if (i === 0 || cells[i] !== cells[i - 1]) begins[from + i] = 1;
    begins[from + cells.length] = 1;
  }
  return [...begins.keys()].filter((i) => begins[i] === 1);
}

/**
 * @param saliency S, `[2, h, w]`
 * @param locals maps of the regions that have one, in any order
 */
export function fuseMaps(
  saliency: ClassMaps,
  locals: readonly LocalMap[],
  spec: Pick<Spec, "canvas" | "fusion">,
): FusedMap {
  const { height, width } = spec.canvas;
  const { outside, fuse } = fusions[spec.fusion];
  const patches = [...locals]
    .sort((a, b) => a.region.rank - b.region.rank)
    .map((local) => placePatch(local, spec.canvas))
    .filter(({ y0, y1, x0, x1 }) => y0 < y1 && x0 < x1);
  const coarseRows = nearestIndices(height, saliency.height);
  const coarseCols = nearestIndices(width, saliency.width);
  const across = { coarse: coarseCols, locals: patches.map(({ x0, cols }) => ({ from: x0, cells: cols })) };
  const down = { coarse: coarseRows, locals: patches.map(({ y0, rows }) => ({ from: y0, cells: rows })) };
  // Columns [starts[i], starts[i + 1]) show the same cells: a row is computed once for each such part.
  const starts = startsOf(across);
  const begins = new Set(startsOf(down));
  const coarseOf = Int32Array.from(starts, (x) => coarseCols[x]);
  const parts = patches.map(({ x0, x1, cols }) => {
    const first = starts.indexOf(x0);
    const shown = starts.slice(first, starts.indexOf(x1));
    return { first, cells: Int32Array.from(shown, (x) => cols[x - x0]) };
  });

  const classRows = (c: 0 | 1): MapRows => {
    const out = new Float32Array(width);
    const values = new Float32Array(starts.length - 1);
    return {
      height,
      width,
      repeats: (y) => !begins.has(y),
      row(y) {
        const coarse = (c * saliency.height + coarseRows[y]) * saliency.width;
        for (let i = 0; i < values.length; i++) values[i] = outside(saliency.data[coarse + coarseOf[i]]);
        for (const [p, { y0, y1, rows, local }] of patches.entries()) {
          if (y < y0 || y >= y1) continue;
          const { first, cells } = parts[p];
          const from = (c * local.side + rows[y - y0]) * local.side;
          for (let i = 0; i < cells.length; i++) {
            values[first + i] = fuse(local.data[from + cells[i]], saliency.data[coarse + coarseOf[first + i]]);
          }
        }
        for (let i = 0; i < values.length; i++) {
          for (let x = starts[i]; x < starts[i + 1]; x++) out[x] = values[i];
        }
        return out;
      },
    };
  };
  return { height, width, classRows };
}

/** @returns rows of one class of a whole map */
export const rowsOf = ({ height, width, data }: ClassMaps, c: 0 | 1): MapRows => ({
  height,
  width,
  repeats: () => false,
  row: (y) => data.subarray((c * height + y) * width, (c * height + y + 1) * width),
});

/** @returns the whole map, for tools and tests that have the memory */
export function wholeMap({ height, width, classRows }: FusedMap): ClassMaps {
  const data = new Float32Array(2 * height * width);
  for (const c of [0, 1] as const) {
    const rows = classRows(c);
    for (let y = 0; y < height; y++) data.set(rows.row(y), (c * height + y) * width);
  }
  return { height, width, data };
}
