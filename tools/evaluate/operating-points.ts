/**
 * @module
 * Operating points: of what is outlined at a threshold, the share of malignant lesions that have an outline, and false outlines an
 * image.
 */
import type { OperatingPoints } from "../../src/contract/manifest.ts";
import { falselyOutlined, type Judged } from "./figures.ts";
import { type FreeResponsePoint, freeResponse } from "./free-response.ts";
import { GLAM } from "./methods.ts";
import { nearestThreshold } from "./overlap.ts";

/** False marks an image that the table has a row for. */
const RATES = [0.05, 0.1, 0.2, 0.5, 1];
/** At the default threshold: most false marks an image, and most images without a malignant lesion that have an outline. */
const DEFAULT = { falseMarks: 0.5, outlined: 0.3 };

/**
 * The table, from the highest threshold down, and the default threshold, which is one of its rows.
 * @param images what was judged, in plain words
 * @returns undefined where no malignant lesion has a place, or no threshold keeps false marks as few as the default has them
 */
export function operatingPoints(
  judged: readonly Judged[],
  images: string,
): { table: OperatingPoints; threshold: number } | undefined {
  const marked = judged.flatMap(({ methods }) => methods.get(GLAM)?.marks.malignant ?? []);
  const curve = freeResponse(marked);
  /** The lowest threshold down to which `holds`. */
  const down = (holds: (point: FreeResponsePoint) => boolean) => {
    const end = curve.findIndex((point) => !holds(point));
    return end < 0 ? curve.at(-1) : curve[end - 1];
  };
  const outlined = (threshold: number) => falselyOutlined(judged, GLAM, "malignant", nearestThreshold(threshold));
  // Where every image has a malignant lesion, none can be outlined without one.
  const aimed = down(
    ({ falseMarks, threshold }) => falseMarks <= DEFAULT.falseMarks && !(outlined(threshold) > DEFAULT.outlined),
  );
  if (aimed === undefined) return undefined;
  const points = [aimed, ...RATES.map((rate) => down(({ falseMarks }) => falseMarks <= rate))];
  const rows = curve
    .filter((point) => points.includes(point))
    .map(({ threshold, sensitivity, falseMarks }) => ({
      threshold,
      sensitivity: Math.round(1000 * sensitivity) / 1000,
      falseMarks: Math.round(1000 * falseMarks) / 1000,
    }));
  return { table: { measuredOn: `${marked.length} ${images}`, malignant: rows }, threshold: aimed.threshold };
}
