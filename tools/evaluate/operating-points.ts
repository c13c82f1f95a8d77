/**
 * @module
 * Operating points: of marks at or above a threshold, the share of malignant lesions that are found, and false marks an image.
 */
import type { OperatingPoints } from "../../src/contract/manifest.ts";
import type { Judged } from "./figures.ts";
import { freeResponse } from "./free-response.ts";
import { GLAM } from "./methods.ts";

/** False marks an image that the table has a row for. */
const RATES = [0.1, 0.25, 0.5, 1, 2, 4];
/** False marks an image at the default threshold. */
export const DEFAULT_RATE = 0.5;

/**
 * The table, from the highest threshold down.
 * @param images what was judged, in plain words
 * @returns undefined where no malignant lesion has a place
 */
export function operatingPoints(judged: readonly Judged[], images: string): OperatingPoints | undefined {
  const marked = judged.flatMap(({ methods }) => methods.get(GLAM)?.marks.malignant ?? []);
  const curve = freeResponse(marked);
  if (curve.length === 0) return undefined;
  const points = RATES.flatMap((rate) => {
    const allowed = curve.filter(({ falseMarks, confidence }) => falseMarks <= rate && confidence > 0);
    const last = allowed.at(-1);
    return last === undefined ? [] : [{ ...last, threshold: last.confidence / 255 }];
  });
  const rounded = points.map(({ threshold, sensitivity, falseMarks }) => ({
    threshold: Math.round(1000 * threshold) / 1000,
    sensitivity: Math.round(1000 * sensitivity) / 1000,
    falseMarks: Math.round(1000 * falseMarks) / 1000,
  }));
  return { measuredOn: `${marked.length} ${images}`, malignant: rounded };
}
