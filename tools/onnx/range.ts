/**
 * @module
 * Chooses the range of a uint8 tensor.
 */
import type { Observation } from "./observe.ts";
import type { QuantisedTensor } from "./quantisation.ts";

/**
 * Range over the calibration's extremes. Lesions cause the largest activations, which are rare: clipping one moves its
 * saliency by up to 0.5, while steps that are a fifth coarser move it by hundredths. Ranges that minimise the mean squared
 * error would clip them.
 */
const headroom = 1.2;

/**
 * @param low at most 0
 * @param high at least 0
 * @returns 256 steps that hold 0 exactly and reach from low to high
 */
export function tensorOfRange(low: number, high: number): QuantisedTensor {
  if (high - low <= 0) return { scale: 1, zeroPoint: 0 };
  const scale = Math.fround((high - low) / 255);
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-low / scale))) };
}

/** @returns a range that holds everything observed, and some more */
export const chooseRange = ({ minimum, maximum }: Observation): QuantisedTensor =>
  tensorOfRange(headroom * minimum, headroom * maximum);
