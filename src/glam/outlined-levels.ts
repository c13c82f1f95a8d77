/**
 * @module
 * A map of levels in which only outlined areas lie above the outlines' lower threshold.
 */
import { isOutlined, type Outlining } from "./outlining.ts";
import { createRunJoiner, type PeakedComponent, type Run } from "./runs.ts";
import type { Size } from "./spec.ts";

/**
 * The map without areas that get no outline, so that other outputs hold the same areas as the outlines: a pixel is outlined where
 * the result is at least `low`.
 * @param levels `[height, width]` row-major, 255 = probability 1
 * @param outlining thresholds in levels
 */
export function outlinedLevels(levels: Uint8Array, size: Size, outlining: Outlining) {
  const { components, runs } = joinedRuns(levels, size, outlining);
  const kept = Uint8Array.from(levels);
  for (const { y, start, end, component } of runs) {
    if (!isOutlined(components[component], outlining)) kept.fill(0, y * size.width + start, y * size.width + end);
  }
  return kept;
}

/** Areas of at least `low`, in row-major order of their first pixel, and the runs of those that are outlined. */
export function outlinedRuns(levels: Uint8Array, size: Size, outlining: Outlining) {
  const { components, runs } = joinedRuns(levels, size, outlining);
  return { components, runs: [...runs].filter(({ component }) => isOutlined(components[component], outlining)) };
}

function joinedRuns(
  levels: Uint8Array,
  { height, width }: Size,
  { threshold, low = threshold }: Outlining,
): { components: PeakedComponent[]; runs: Iterable<Run> } {
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
  return { components, runs: runs() };
}
