/**
 * @module
 * Image-level scores and the fused global saliency S (Liu et al., MIDL 2021).
 */
import type { ClassMaps } from "./contracts.ts";
import type { Spec } from "./spec.ts";

/** Uncalibrated probability-like numbers, one per class. */
export type Scores = { benign: number; malignant: number };

/**
 * Mean of the k largest of `values`, summed from the largest down in float64.
 * @param k at least 1; more than there are values means all of them
 */
export function topKMean(values: Float32Array, k: number): number {
  const count = Math.min(values.length, Math.max(1, k));
  const sorted = values.slice().sort();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sorted[sorted.length - 1 - i];
  return sum / count;
}

/**
 * Mean over s1, s2, s3 of each map's top-k mean, weighted by the spec's `scoreWeights`; as published they are equal.
 * @param maps three maps at saliency size, each `[2, h, w]`, probability
 * @param mean the same as `topKMean`, perhaps faster
 */
export function imageScores(maps: readonly Float32Array[], spec: Pick<Spec, "saliency">, mean = topKMean): Scores {
  const cells = spec.saliency.height * spec.saliency.width;
  const k = Math.round(cells * spec.saliency.topK);
  const weights = spec.saliency.scoreWeights;
  const whole = weights[0] + weights[1] + weights[2];
  const score = (c: number) =>
    maps.reduce((sum, map, m) => sum + weights[m] * mean(map.subarray(c * cells, (c + 1) * cells), k), 0) / whole;
  return { benign: score(0), malignant: score(1) };
}

/**
 * S = w1*s1 + w2*s2 + w3*s3.
 * @param maps three maps at saliency size, each `[2, h, w]`, probability
 */
export function fuseSaliency(maps: readonly Float32Array[], spec: Pick<Spec, "saliency">): ClassMaps {
  const { height, width, weights } = spec.saliency;
  const data = new Float32Array(2 * height * width);
  for (let i = 0; i < data.length; i++) {
    data[i] = weights[0] * maps[0][i] + weights[1] * maps[1][i] + weights[2] * maps[2][i];
  }
  return { height, width, data };
}
