/**
 * @module
 * A lesion as it is added to the tissue, and the exact mask that follows from what was added.
 */

import type { PlannedLesion } from "./lesion-plan.ts";
import type { Layer } from "./strands.ts";
import type { Lesion } from "./types.ts";

/** Pixels around a lesion; arrays are `[height, width]` row-major. */
export type LesionPatch = {
  top: number;
  left: number;
  height: number;
  width: number;
  /** Brightness to add, peak about 1; negative in a halo. */
  add: Float32Array;
  /** 0 to 1: how much the tissue's own texture gives way to its local mean. */
  cover: Float32Array;
  /** 1 where the lesion is. */
  mask: Uint8Array;
};

/** An empty patch that covers `reach` mm around a place, clipped to the image. */
export function createPatch(layer: Layer, x: number, y: number, reach: number): LesionPatch {
  const { spacing } = layer;
  const top = Math.max(0, Math.floor((y - reach) / spacing));
  const left = Math.max(0, Math.floor((x - reach) / spacing));
  const height = Math.min(layer.height, Math.ceil((y + reach) / spacing) + 1) - top;
  const width = Math.min(layer.width, Math.ceil((x + reach) / spacing) + 1) - left;
  const cells = height * width;
  return {
    top,
    left,
    height,
    width,
    add: new Float32Array(cells),
    cover: new Float32Array(cells),
    mask: new Uint8Array(cells),
  };
}

/** Mean and standard deviation of the tissue within `radius` mm, 0 outside the breast left out. */
export function localStatistics(layer: Layer, x: number, y: number, radius: number): { mean: number; std: number } {
  const { spacing, width, height, data } = layer;
  const reach = Math.max(1, Math.round(radius / spacing));
  const row0 = Math.floor(y / spacing);
  const column0 = Math.floor(x / spacing);
  const stride = Math.max(1, Math.floor(reach / 16));
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let dr = -reach; dr <= reach; dr += stride) {
    for (let dc = -reach; dc <= reach; dc += stride) {
      const row = row0 + dr;
      const column = column0 + dc;
      if (dr * dr + dc * dc > reach * reach || row < 0 || row >= height || column < 0 || column >= width) continue;
      const value = data[row * width + column];
      if (value <= 0) continue;
      count += 1;
      sum += value;
      squares += value * value;
    }
  }
  if (count === 0) return { mean: 0, std: 0 };
  const mean = sum / count;
  return { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Adds a patch to the tissue, `contrast` brightness at its peak; nothing outside the breast changes. */
export function applyPatch(layer: Layer, patch: LesionPatch, contrast: number, mean: number): void {
  for (let row = 0; row < patch.height; row++) {
    for (let column = 0; column < patch.width; column++) {
      const i = (patch.top + row) * layer.width + patch.left + column;
      const k = row * patch.width + column;
      const value = layer.data[i];
      if (value <= 0) {
        patch.mask[k] = 0;
        continue;
      }
      layer.data[i] = Math.max(1e-4, value + patch.cover[k] * (mean - value) + contrast * patch.add[k]);
    }
  }
}

/** Cuts the mask to its bounding box and describes the lesion; an empty mask (pixels far larger than it) gets its centre. */
export function describeLesion(layer: Layer, plan: PlannedLesion, patch: LesionPatch): Lesion {
  let [top, left, bottom, right] = [patch.height, patch.width, -1, -1];
  let area = 0;
  let rowSum = 0;
  let columnSum = 0;
  const include = (row: number, column: number) => {
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
    area += 1;
    rowSum += row;
    columnSum += column;
  };
  const { mask } = patch;
  if (!mask.includes(1)) {
    const row = Math.min(patch.height - 1, Math.floor(plan.y / layer.spacing) - patch.top);
    const column = Math.min(patch.width - 1, Math.floor(plan.x / layer.spacing) - patch.left);
    mask[row * patch.width + column] = 1;
  }
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 1) include(Math.floor(i / patch.width), i % patch.width);
  }
  const box = { top: patch.top + top, left: patch.left + left, height: bottom - top + 1, width: right - left + 1 };
  const cropped = new Uint8Array(box.height * box.width);
  for (let row = 0; row < box.height; row++) {
    const from = (top + row) * patch.width + left;
    cropped.set(mask.subarray(from, from + box.width), row * box.width);
  }
  const centre = { row: patch.top + rowSum / area, col: patch.left + columnSum / area };
  return { kind: plan.kind, sub: plan.sub, box, centre, area, mask: cropped };
}
