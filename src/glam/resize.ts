/**
 * @module
 * Nearest-neighbour resizing with the source index floor(i * in / out).
 */
import type { ClassMaps } from "./contracts.ts";
import type { Size } from "./spec.ts";

/** Source index of each output index: floor(i * in / out). */
export const nearestIndices = (length: number, source: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => Math.floor((i * source) / length));

/** Nearest-neighbour copy of both class maps: `[2, h, w]` -> `[2, size.height, size.width]`. */
export function resizeNearest(maps: ClassMaps, size: Size): ClassMaps {
  const rows = nearestIndices(size.height, maps.height);
  const cols = nearestIndices(size.width, maps.width);
  const data = new Float32Array(2 * size.height * size.width);
  let to = 0;
  for (let c = 0; c < 2; c++) {
    for (let y = 0; y < size.height; y++) {
      const from = (c * maps.height + rows[y]) * maps.width;
      for (let x = 0; x < size.width; x++) data[to++] = maps.data[from + cols[x]];
    }
  }
  return { ...size, data };
}
