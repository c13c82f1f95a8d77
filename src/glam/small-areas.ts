/**
 * @module
 * Areas of a map of levels that are too small to be outlined.
 */
import { createRunJoiner } from "./runs.ts";
import type { Size } from "./spec.ts";

/**
 * The map without its small areas, so that what is stored elsewhere holds what the outlines hold.
 * @param levels `[height, width]` row-major, 255 = probability 1
 * @param level areas are 4-connected pixels of at least this
 * @param leastPixels smaller areas become 0
 */
export function withoutSmallAreas(levels: Uint8Array, { height, width }: Size, level: number, leastPixels: number) {
  const joiner = createRunJoiner();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (levels[y * width + x] < level) continue;
      const start = x;
      while (x < width && levels[y * width + x] >= level) x++;
      joiner.add(y, start, x);
    }
  }
  const { components, runs } = joiner.finish();
  const kept = Uint8Array.from(levels);
  for (const { y, start, end, component } of runs()) {
    if (components[component].area < leastPixels) kept.fill(0, y * width + start, y * width + end);
  }
  return kept;
}
