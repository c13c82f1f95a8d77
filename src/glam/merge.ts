/**
 * @module
 * Fusing local maps with the global saliency: as published (GLAM reference, section 5), or by a geometric mean.
 */
import type { ClassMaps, Region } from "./contracts.ts";
import { nearestIndices, resizeNearest } from "./resize.ts";
import type { Spec } from "./spec.ts";

/** One crop's answer: `[2, side', side']`, probability. */
export type LocalMap = { region: Region; side: number; data: Float32Array };

/** How a pixel's local and coarse probability become one; and what stands for the local one outside every crop. */
export const fusions: Record<Spec["fusion"], Fusion> = {
  /** Outside every crop the map is half of S. */
  "published-mean": { outside: () => 0, fuse: (local, coarse) => (local + coarse) / 2 },
  /** Outside every crop the map is S: sqrt(S * S). The product of two floats is exact in doubles, so the root is, too. */
  "geometric-mean": { outside: (coarse) => coarse, fuse: (local, coarse) => Math.sqrt(local * coarse) },
  /** The local map counts three times: local^(3/4) * coarse^(1/4), by roots, which every machine rounds alike; outside S, as above. */
  "weighted-geometric-mean": {
    outside: (coarse) => coarse,
    fuse: (local, coarse) => Math.sqrt(local * Math.sqrt(local * coarse)),
  },
};

type Fusion = { outside: (coarse: number) => number; fuse: (local: number, coarse: number) => number };

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
  const { height, width, data } = resizeNearest(saliency, spec.canvas);
  for (let i = 0; i < data.length; i++) data[i] = outside(data[i]);
  for (const local of [...locals].sort((a, b) => a.region.rank - b.region.rank)) pasteLocal(data, local, spec);
  const rows = nearestIndices(height, saliency.height);
  const cols = nearestIndices(width, saliency.width);
  let i = 0;
  for (let c = 0; c < 2; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * saliency.height + rows[y]) * saliency.width;
      for (let x = 0; x < width; x++, i++) data[i] = fuse(data[i], saliency.data[from + cols[x]]);
    }
  }
  return { height, width, data };
}

/** Writes one resized local map into the canvas `[2, H, W]`; what the crop had outside the canvas is left out. */
function pasteLocal(
  canvas: Float32Array,
  { region, side, data }: LocalMap,
  { canvas: size }: Pick<Spec, "canvas">,
): void {
  const { top, left, height, width } = region.box;
  const y0 = Math.max(0, top);
  const y1 = Math.min(size.height, top + height);
  const x0 = Math.max(0, left);
  const x1 = Math.min(size.width, left + width);
  // A crop that reaches outside holds its pixels at the bottom right, so its map is read there too.
  const rowShift = height - (y1 - y0) - y0;
  const colShift = width - (x1 - x0) - x0;
  const rows = nearestIndices(height, side);
  const cols = nearestIndices(width, side);
  for (let c = 0; c < 2; c++) {
    for (let y = y0; y < y1; y++) {
      const from = (c * side + rows[y + rowShift]) * side;
      const to = (c * size.height + y) * size.width;
      for (let x = x0; x < x1; x++) canvas[to + x] = data[from + cols[x + colShift]];
    }
  }
}
