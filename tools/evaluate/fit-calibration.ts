/**
 * @module
 * Fits the calibration of scores by logistic regression on the scores' logits (Platt 1999), with Newton's method as in Lin, Lin and
 * Weng, "A note on Platt's probabilistic outputs for support vector machines" (2007).
 */
import { GlamError } from "../../src/glam/problem.ts";
import {
  type ImageKind,
  logit,
  MAX_TEMPERATURE,
  type Scaling,
  type ScoreCalibration,
  sigmoid,
} from "../../src/glam/score-calibration.ts";
import type { Scored } from "./area-under-curve.ts";
import { type Judged, scoresOf } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { type Kind, kinds } from "./test-case.ts";

const MAX_STEPS = 100;
/** Added to the Hessian's diagonal, so that it can be inverted when all scores are the same. It does not move the minimum. */
const DAMPING = 1e-9;
/** Largest change of a parameter at which the minimum is reached. */
const PRECISION = 1e-9;

/** Logit, and the probability that the fit aims at. */
type Point = { x: number; target: number };

/** Both classes. @param images what was judged, in plain words, e.g. "phantoms of the validation set" */
export function fitScoreCalibration(
  judged: readonly Judged[],
  images: string,
  imageKinds?: readonly ImageKind[],
): ScoreCalibration {
  const scalingOf = (kind: Kind) => fitScaling(scoresOf(judged, GLAM, kind), kind);
  const [benign, malignant] = kinds.map((kind) => judged.filter(({ labels }) => labels[kind]).length);
  return {
    fittedOn: `${judged.length} ${images}, ${benign} with benign and ${malignant} with malignant lesions`,
    ...(imageKinds ? { kinds: [...imageKinds] } : {}),
    benign: scalingOf("benign"),
    malignant: scalingOf("malignant"),
  };
}

/**
 * Temperature and bias of the largest likelihood. The targets are Platt's, (n + 1) / (n + 2) and 1 / (n + 2) instead of 1 and 0,
 * so that scores which separate the classes give finite numbers.
 * @throws GlamError `invalid-request` when there are no positives or no negatives, or when scores do not rise with the label
 */
export function fitScaling(units: readonly Scored[], kind: Kind): Scaling {
  const positives = units.filter(({ positive }) => positive).length;
  const negatives = units.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new GlamError(
      "invalid-request",
      `A calibration needs images with and without a ${kind} lesion; these are ${positives} and ${negatives}.`,
    );
  }
  const aim = { positive: (positives + 1) / (positives + 2), negative: 1 / (negatives + 2) };
  const points = units.map(({ score, positive }) => ({
    x: logit(score),
    target: positive ? aim.positive : aim.negative,
  }));
  const { slope, bias } = minimise(points);
  if (slope < 1 / MAX_TEMPERATURE) {
    throw new GlamError(
      "invalid-request",
      `The ${kind} scores of these images are not higher where there is a lesion, so there is nothing to calibrate.`,
    );
  }
  return { temperature: sixDigits(1 / slope), bias: sixDigits(bias) };
}

/** The precision that the manifest keeps. */
const sixDigits = (value: number): number => Number(value.toPrecision(6));

/** Slope and bias of the smallest cross-entropy, starting at slope 0. */
function minimise(points: readonly Point[]): { slope: number; bias: number } {
  let slope = 0;
  let bias = logit(points.reduce((sum, { target }) => sum + target, 0) / points.length);
  let loss = crossEntropy(points, slope, bias);
  for (let step = 0; step < MAX_STEPS; step++) {
    const [bySlope, byBias] = newtonStep(points, slope, bias);
    let share = 1;
    let next = crossEntropy(points, slope - bySlope, bias - byBias);
    // A whole step may go too far where the logistic function is flat.
    while (next > loss && share > 1e-6) {
      share /= 2;
      next = crossEntropy(points, slope - share * bySlope, bias - share * byBias);
    }
    if (next > loss) break;
    slope -= share * bySlope;
    bias -= share * byBias;
    loss = next;
    if (Math.abs(bySlope) + Math.abs(byBias) < PRECISION) break;
  }
  return { slope, bias };
}

/** -sum(t log p + (1 - t) log(1 - p)), p = sigmoid(z), in a form that does not overflow: sum(log(1 + e^-|z|) + max(z, 0) - t z). */
function crossEntropy(points: readonly Point[], slope: number, bias: number): number {
  return points.reduce((sum, { x, target }) => {
    const z = slope * x + bias;
    return sum + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target * z;
  }, 0);
}

/** Inverse Hessian times gradient of the cross-entropy. */
function newtonStep(points: readonly Point[], slope: number, bias: number): [bySlope: number, byBias: number] {
  let [gradSlope, gradBias] = [0, 0];
  let [xx, x1, one] = [DAMPING, 0, DAMPING];
  for (const { x, target } of points) {
    const p = sigmoid(slope * x + bias);
    gradSlope += (p - target) * x;
    gradBias += p - target;
    const weight = p * (1 - p);
    xx += weight * x * x;
    x1 += weight * x;
    one += weight;
  }
  const determinant = xx * one - x1 * x1;
  return [(one * gradSlope - x1 * gradBias) / determinant, (xx * gradBias - x1 * gradSlope) / determinant];
}
