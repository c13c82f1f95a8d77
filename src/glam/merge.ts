/**
 * @module
 * Fusing local maps with the global saliency: as published (GLAM reference, section 5), or by a geometric mean.
 */
import type { ClassMaps, Region } from "./contracts.ts";
import { nearestIndices, resizeNearest } from "./resize.ts";
import type { Size, Spec } from "./spec.ts";
import { coarseOfSureRegions } from "./sure-regions.ts";

/** One crop's answer: `[2, side', side']`, probability. */
export type LocalMap = { region: Region; side: number; data: Float32Array };

/** What each way of fusing makes of S and the local maps. */
export const fusions: Record<Spec["fusion"], Fusion> = {
  /** Outside every crop the local map counts as 0. */
  "published-mean": {
    outside: (coarse) => coarse / 2,
    around: (saliency) => saliency,
    fuse: (local, coarse) => (local + coarse) / 2,
  },
  "geometric-mean": {
    outside: (coarse) => coarse,
    around: (saliency) => saliency,
    fuse: (local, coarse) => Math.sqrt(local * coarse),
  },
  /**
   * local^(3/4) * coarse^(1/4), by roots, which every machine rounds alike. A lesion ends somewhere in a coarse cell, which may be
   * low for it, so the cell's neighbours count, too; and what the local network is sure of counts as a whole.
   */
  "weighted-geometric-mean": {
    outside: (coarse) => coarse,
    around: withNeighbours,
    least: coarseOfSureRegions,
    fuse: (local, coarse) => Math.sqrt(local * Math.sqrt(local * coarse)),
  },
};

type Fusion = {
  /** A pixel outside every crop. */
  outside: (coarse: number) => number;
  /** The coarse map that crops are fused with, of S. */
  around: (saliency: ClassMaps) => ClassMaps;
  /** What that map counts as at least, in each cell of a local map; 0 without it. */
  least?: (local: LocalMap, around: ClassMaps, canvas: Size) => Float32Array;
  /** A pixel of a crop. */
  fuse: (local: number, coarse: number) => number;
};

/**
 * Final saliency = local canvas and nearest-resized S, fused as the spec says. Local maps are resized (nearest) to their box
 * and written in rank order, so a later crop overwrites an earlier one.
 * @param saliency S, `[2, h, w]`
 * @returns `[2, canvas.height, canvas.width]`
 */
export function mergeMaps(
  saliency: ClassMaps,
  locals: readonly LocalMap[],
  spec: Pick<Spec, "canvas" | "fusion">,
): ClassMaps {
  const { outside, around, least, fuse } = fusions[spec.fusion];
  const merged = resizeNearest(saliency, spec.canvas);
  for (let i = 0; i < merged.data.length; i++) merged.data[i] = outside(merged.data[i]);
  const near = around(saliency);
  const coarse = resizeNearest(near, spec.canvas);
  for (const local of [...locals].sort((a, b) => a.region.rank - b.region.rank))
    pasteLocal(merged, coarse, least?.(local, near, spec.canvas), local, fuse);
  return merged;
}

/** The largest of each cell and its four neighbours. */
function withNeighbours({ height, width, data }: ClassMaps): ClassMaps {
  const out = data.slice();
  for (let c = 0, i = 0; c < 2; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        if (y > 0) out[i] = Math.max(out[i], data[i - width]);
        if (y < height - 1) out[i] = Math.max(out[i], data[i + width]);
        if (x > 0) out[i] = Math.max(out[i], data[i - 1]);
        if (x < width - 1) out[i] = Math.max(out[i], data[i + 1]);
      }
    }
  }
  return { height, width, data: out };
}

/** Writes one resized local map into the canvas, fused; what the crop had outside the canvas is left out. */
function pasteLocal(
  canvas: ClassMaps,
  coarse: ClassMaps,
  least: Float32Array | undefined,
  { region, side, data }: LocalMap,
  fuse: Fusion["fuse"],
): void {
  const { top, left, height, width } = region.box;
  const y0 = Math.max(0, top);
  const y1 = Math.min(canvas.height, top + height);
  const x0 = Math.max(0, left);
  const x1 = Math.min(canvas.width, left + width);
  // A crop that reaches outside holds its pixels at the bottom right, so its map is read there too.
  const rowShift = height - (y1 - y0) - y0;
  const colShift = width - (x1 - x0) - x0;
  const rows = nearestIndices(height, side);
  const cols = nearestIndices(width, side);
  for (let c = 0; c < 2; c++) {
    for (let y = y0; y < y1; y++) {
      const from = (c * side + rows[y + rowShift]) * side;
      const to = (c * canvas.height + y) * canvas.width;
      for (let x = x0; x < x1; x++) {
        const cell = from + cols[x + colShift];
        canvas.data[to + x] = fuse(data[cell], Math.max(least?.[cell] ?? 0, coarse.data[to + x]));
      }
    }
  }
}
