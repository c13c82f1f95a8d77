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

  const classRows = (c: 0 | 1): MapRows => {
    const out = new Float32Array(width);
    return {
      height,
      width,
      repeats(y) {
        if (y === 0 || coarseRows[y] !== coarseRows[y - 1]) return false;
        const shown = ({ y0, y1, rows }: Patch, at: number) => (at < y0 || at >= y1 ? -1 : rows[at - y0]);
        return patches.every((patch) => shown(patch, y) === shown(patch, y - 1));
      },
      row(y) {
        const coarse = (c * saliency.height + coarseRows[y]) * saliency.width;
        for (let x = 0; x < width; x++) out[x] = outside(saliency.data[coarse + coarseCols[x]]);
        for (const { y0, y1, x0, x1, rows, cols, local } of patches) {
          if (y < y0 || y >= y1) continue;
          const from = (c * local.side + rows[y - y0]) * local.side;
          for (let x = x0; x < x1; x++) {
            out[x] = fuse(local.data[from + cols[x - x0]], saliency.data[coarse + coarseCols[x]]);
          }
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
