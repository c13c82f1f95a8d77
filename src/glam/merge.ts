/**
 * @module
 * Fuses local maps with the global saliency: as published (Liu et al., MIDL 2021), or by a mean in which the coarse map counts
 * twice.
 */
import type { ClassMaps, LocalMap } from "./contracts.ts";
import { nearestIndices, resizeNearest } from "./resize.ts";
import type { Spec } from "./spec.ts";

/** How each fusion combines S and the local maps. */
export const fusions: Record<Spec["fusion"], Fusion> = {
  /** Outside every crop the local map counts as 0. */
  "published-mean": {
    outside: (coarse) => coarse / 2,
    fuse: (local, coarse) => (local + coarse) / 2,
  },
  /** The coarse map counts twice. */
  "weighted-mean": {
    outside: (coarse) => coarse,
    fuse: (local, coarse) => (local + 2 * coarse) / 3,
  },
};

type Fusion = {
  /** A pixel outside every crop. */
  outside: (coarse: number) => number;
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
  const { outside, fuse } = fusions[spec.fusion];
  const coarse = resizeNearest(saliency, spec.canvas);
  const merged = { ...coarse, data: coarse.data.map(outside) };
  for (const local of [...locals].sort((a, b) => a.region.rank - b.region.rank))
    pasteLocal(merged, coarse, local, fuse);
  return merged;
}

/** Writes one resized local map into the canvas, fused; what the crop had outside the canvas is left out. */
function pasteLocal(
  canvas: ClassMaps,
  coarse: ClassMaps,
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
        canvas.data[to + x] = fuse(data[from + cols[x + colShift]], coarse.data[to + x]);
      }
    }
  }
}
