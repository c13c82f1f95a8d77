/**
 * @module
 * Calibration of the image-level scores: temperature scaling with a bias, sigmoid(logit(score) / temperature + bias), one pair
 * for each class (Platt 1999; Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). It holds for images like those it
 * was fitted on, with as many lesions among them.
 */
import * as z from "zod";
import type { Scores } from "./saliency.ts";

/** The largest temperature that is a calibration: beyond it every image has the same score. */
export const MAX_TEMPERATURE = 1000;

/** Both numbers have no unit; temperature 1 and bias 0 change nothing. */
const scalingSchema = z.strictObject({
  temperature: z
    .number()
    .gt(0)
    .max(MAX_TEMPERATURE)
    .describe("Above 0, so that calibrated scores order images as the scores do."),
  bias: z.number(),
});

/** Kinds of images: synthetic, scanned film, or from a digital detector. */
export const imageKinds = ["phantom", "film", "digital"] as const;
export type ImageKind = (typeof imageKinds)[number];

/** `scoreCalibration` of a manifest. */
export const scoreCalibrationSchema = z.strictObject({
  fittedOn: z
    .string()
    .min(1)
    .describe("In plain words: which images, and how many. Shown with every calibrated score."),
  kinds: z
    .array(z.enum(imageKinds))
    .min(1)
    .optional()
    .describe("Kinds of these images. The page shows calibrated scores for images of these kinds only."),
  benign: scalingSchema,
  malignant: scalingSchema,
});

/** Of one class. */
export type Scaling = z.infer<typeof scalingSchema>;
/** Of both classes, and what it was fitted on. */
export type ScoreCalibration = z.infer<typeof scoreCalibrationSchema>;

/** How close to 0 and 1 a score may come before its logit is taken: that of 0 would be infinite. */
const MARGIN = 1e-6;

/** log(p / (1 - p)), p clipped to 1e-6 and 1 - 1e-6. */
export function logit(p: number): number {
  const clipped = Math.min(1 - MARGIN, Math.max(MARGIN, p));
  return Math.log(clipped / (1 - clipped));
}

/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** @param score 0 to 1 @returns 0 to 1, never smaller for a larger score */
export const calibrateScore = (score: number, { temperature, bias }: Scaling): number =>
  sigmoid(logit(score) / temperature + bias);

/** Both classes. */
export const calibrateScores = (scores: Scores, { benign, malignant }: ScoreCalibration): Scores => ({
  benign: calibrateScore(scores.benign, benign),
  malignant: calibrateScore(scores.malignant, malignant),
});
