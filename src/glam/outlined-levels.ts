/**
 * @module
 * A map of levels in which only outlined areas lie above the outlines' lower threshold.
 */
import { isOutlined, type Outlining } from "./outlining.ts";
import { createRunJoiner } from "./runs.ts";
import type { Size } from "./spec.ts";

/**
 * The map without areas that get no outline, so that other outputs hold the same areas as the outlines: a pixel is outlined where
 * the result is at least `low`.
 * @param levels `[height, width]` row-major, 255 = probability 1
 * @param outlining thresholds in levels
 */
export function outlinedLevels(levels: Uint8Array, { height, width }: Size, outlining: Outlining) {
  const { threshold, low = threshold } = outlining;
  const joiner = createRunJoiner();
  for (let y = 0; y < height; y++) {
    const row = levels.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < width; x++) {
      if (row[x] < low) continue;
      const start = x;
      let peak = 0;
      for (; x < width && row[x] >= low; x++) peak = Math.max(peak, row[x]);
      joiner.add(y, start, x, peak);
    }
  }
  const { components, runs } = joiner.finish();
  const kept = Uint8Array.from(levels);
  for (const { y, start, end, component } of runs()) {
    if (!isOutlined(components[component], outlining)) kept.fill(0, y * width + start, y * width + end);
  }
  return kept;
}
