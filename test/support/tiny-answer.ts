/**
 * @module
 * Answers with given maps, as the service writes them.
 */
import { encode } from "fast-png";
import type { Segmentation } from "../../src/contract/answer.ts";
import type { Size } from "../../src/glam/spec.ts";

/** The parts of an answer that outputs are made from. */
export type AnswerParts = Pick<
  Segmentation,
  "model" | "saliency" | "contours" | "failedRegions" | "canvas" | "scores" | "view" | "disclaimer" | "status"
>;

/** An answer whose maps are these levels, `[height, width]` of the canvas. */
export function answerOf(
  canvas: Size,
  levels: { benign: Uint8Array; malignant: Uint8Array },
  threshold = 0.5,
): AnswerParts {
  const map = (data: Uint8Array) => ({
    encoding: "png" as const,
    bits: 8 as const,
    ...canvas,
    data: Buffer.from(encode({ ...canvas, data, channels: 1, depth: 8 })).toString("base64"),
  });
  return {
    model: { name: "glam-tiny", version: "1.0.0", sha256: "0".repeat(63).concat("f") },
    saliency: { benign: map(levels.benign), malignant: map(levels.malignant) },
    contours: { threshold, lowThreshold: threshold, minAreaMm2: 0, minAreaPixels: 1, benign: [], malignant: [] },
    failedRegions: [],
    canvas,
    scores: { benign: 0.25, malignant: 0.75, calibrated: false },
    view: "L-MLO",
    status: "complete",
    disclaimer: "Research use only. Not a medical device.",
  };
}
