/**
 * @module
 * How an answer's areas were outlined, to outline its maps again.
 */
import type { Segmentation } from "../../../contract/answer.ts";

/**
 * Thresholds in levels of the maps, 255 = probability 1.
 * @param threshold the answer's, or another one: outlines reach down to the same share of it
 */
export function levelOutlining(contours: Segmentation["contours"], threshold: number) {
  const share = contours === undefined ? 1 : contours.lowThreshold / contours.threshold;
  return { threshold: 255 * threshold, low: 255 * threshold * share, leastPixels: contours?.minAreaPixels ?? 1 };
}
