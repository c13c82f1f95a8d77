/**
 * @module
 * Free-response curve: share of lesions that are marked, against false marks an image, as the threshold falls. A mark is an outline,
 * at the middle of its largest value.
 */
import { outlinedRuns } from "../../src/glam/outlined-levels.ts";
import { outliningAt, thresholds } from "./overlap.ts";
import { type ByteMap, middleOf, type Place } from "./peaks.ts";

/** Outlines of one image and class at one threshold: those whose mark lies in no lesion, and the lesions with a mark, each once. */
export type Marks = { wrong: number; found: readonly number[] };

/** `at`: for each of {@link thresholds}. */
export type MarkedImage = { lesions: number; at: readonly Marks[] };

/** One point of the curve. */
export type FreeResponsePoint = { threshold: number; falseMarks: number; sensitivity: number };

/**
 * The marks at each of {@link thresholds}.
 * @param hysteresis share of the threshold that outlines reach down to
 * @param lesionAt index of the lesion that holds a pixel, or -1
 */
export function marksOf(map: ByteMap, hysteresis: number, lesionAt: (row: number, col: number) => number): Marks[] {
  return thresholds.map((threshold) => {
    const { components, runs } = outlinedRuns(map.data, map, outliningAt(threshold, hysteresis));
    const largest = components.map((): Place[] => []);
    for (const { y, start, end, component } of runs) {
      for (let x = start; x < end; x++) {
        if (map.data[y * map.width + x] === components[component].peak) largest[component].push({ row: y, col: x });
      }
    }
    const lesions = largest
      .filter((places) => places.length > 0)
      .map((places) => {
        const { row, col } = middleOf(places);
        return lesionAt(row, col);
      });
    const found = new Set(lesions.filter((lesion) => lesion >= 0));
    return { wrong: lesions.filter((lesion) => lesion < 0).length, found: [...found] };
  });
}

/**
 * @returns a point for each threshold, highest first, down to the one with most false marks: below it outlines grow together. Empty
 *   when there is no lesion or no image
 */
export function freeResponse(images: readonly MarkedImage[]): FreeResponsePoint[] {
  const lesions = images.reduce((sum, image) => sum + image.lesions, 0);
  if (lesions === 0) return [];
  const sum = (index: number, of: (marks: Marks) => number) => images.reduce((all, { at }) => all + of(at[index]), 0);
  const points = thresholds.map((threshold, index) => ({
    threshold,
    falseMarks: sum(index, ({ wrong }) => wrong) / images.length,
    sensitivity: sum(index, ({ found }) => found.length) / lesions,
  }));
  const most = Math.max(...points.map(({ falseMarks }) => falseMarks));
  const last = points.findIndex(({ falseMarks }) => falseMarks === most);
  return points.slice(last).reverse();
}

/** The largest sensitivity with at most `falseMarks` an image; 0 when even the highest marks are more. */
export const sensitivityAt = (curve: readonly FreeResponsePoint[], falseMarks: number): number =>
  curve.reduce((best, point) => (point.falseMarks <= falseMarks ? Math.max(best, point.sensitivity) : best), 0);
