/**
 * @module
 * Free-response curve: share of lesions that are marked, against false marks an image, as fewer and fewer marks are shown.
 */

/** Marks of one image: confidence, and the index of the lesion it lies in, or null. */
export type MarkedImage = { lesions: number; marks: readonly { confidence: number; lesion: number | null }[] };

/** One point of the curve. */
export type FreeResponsePoint = { confidence: number; falseMarks: number; sensitivity: number };

/**
 * @returns a point for every confidence that occurs, highest first: marks at or above it, false ones an image, and share of
 *   lesions that at least one of them lies in; empty when there is no lesion or no image
 */
export function freeResponse(images: readonly MarkedImage[]): FreeResponsePoint[] {
  const lesions = images.reduce((sum, image) => sum + image.lesions, 0);
  if (lesions === 0) return [];
  const marks = images
    .flatMap((image, index) => image.marks.map((mark) => ({ ...mark, image: index })))
    .sort((a, b) => b.confidence - a.confidence);
  const found = new Set<string>();
  const points: FreeResponsePoint[] = [];
  let wrong = 0;
  marks.forEach(({ confidence, lesion, image }, i) => {
    if (lesion === null) wrong++;
    else found.add(`${image}:${lesion}`);
    if (marks[i + 1]?.confidence === confidence) return;
    points.push({ confidence, falseMarks: wrong / images.length, sensitivity: found.size / lesions });
  });
  return points;
}

/** The largest sensitivity with at most `falseMarks` an image; 0 when even the highest marks are more. */
export const sensitivityAt = (curve: readonly FreeResponsePoint[], falseMarks: number): number =>
  curve.reduce((best, point) => (point.falseMarks <= falseMarks ? Math.max(best, point.sensitivity) : best), 0);
