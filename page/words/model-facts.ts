/**
 * @module
 * A model's errors from its manifest, in words.
 */
import type { Manifest, OperatingPoints } from "../../src/contract/manifest.ts";

/** What was measured at the operating point nearest to a threshold. */
export function operatingWords(points: OperatingPoints, threshold: number): string {
  const [first, ...others] = points.malignant;
  if (!first) return "";
  const off = (point: typeof first) => Math.abs(point.threshold - threshold);
  const point = others.reduce((best, one) => (off(one) < off(best) ? one : best), first);
  const at =
    point.threshold === threshold ? `At ${point.threshold}` : `At ${point.threshold}, measured nearest to here`;
  const found = Math.round(100 * point.sensitivity);
  return (
    `${at}: of 100 malignant lesions ${found} are outlined and ${100 - found} are missed, with ` +
    `${point.falseMarks.toFixed(2)} false outlines an image. Measured on ${points.measuredOn}.`
  );
}

/** One set of images that the model was judged on. */
export type Rate = { set: string; words: string };

/** Recorded figures of image-level scores, set by set; phantoms last and named as such. */
export function rates(quality: Manifest["provenance"]["quality"] = {}): Rate[] {
  const sets = new Set(Object.keys(quality).map((name) => name.split(".")[0]));
  const hundred = (value: number) => Math.round(100 * value);
  return [...sets]
    .sort((a, b) => Number(a === "phantoms") - Number(b === "phantoms"))
    .flatMap((set) => {
      const auc = quality[`${set}.auc.malignant`];
      if (auc === undefined) return [];
      const {
        [`${set}.auc.malignant.low`]: low,
        [`${set}.auc.malignant.high`]: high,
        [`${set}.images`]: images,
      } = quality;
      const range =
        low === undefined || high === undefined ? "" : ` (95 % interval ${hundred(low)} to ${hundred(high)})`;
      const many = images === undefined ? "" : `${images} images of `;
      const kind = set === "phantoms" ? ", computer-made and no patients" : "";
      return [
        {
          set: `${many}${set}${kind}`,
          words: `of two images, one of them malignant, that one has the higher malignant score in ${hundred(auc)} of 100 pairs${range}`,
        },
      ];
    });
}
