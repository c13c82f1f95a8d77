/**
 * @module
 * Chooses the range of a uint8 tensor: wide enough for the large values, narrow enough for fine steps.
 */
import type { Observation } from "./observe.ts";
import type { QuantisedTensor } from "./quantisation.ts";

/** How much of each side's extreme is kept, from all of it downwards. */
const kept = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3];

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

/** Squared error of every observed value: half a step inside of the range, the clipped part outside. */
function squaredError({ minimum, maximum, histogram }: Observation, { scale, zeroPoint }: QuantisedTensor): number {
  const width = (maximum - minimum) / histogram.length;
  const low = -zeroPoint * scale;
  const high = (255 - zeroPoint) * scale;
  const rounding = scale ** 2 / 12;
  let error = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    const count = histogram[bin];
    if (count === 0) continue;
    const value = minimum + (bin + 0.5) * width;
    const clipped = value < low ? low - value : value > high ? value - high : 0;
    error += count * (clipped > 0 ? clipped ** 2 : rounding);
  }
  return error;
}

/** @returns the range with the smallest squared error over everything that was observed */
export function chooseRange(observation: Observation): QuantisedTensor {
  const { minimum, maximum } = observation;
  const lows = minimum < 0 ? kept : [1];
  let best = tensorOfRange(minimum, maximum);
  let bestError = squaredError(observation, best);
  for (const low of lows) {
    for (const high of kept) {
      const tensor = tensorOfRange(low * minimum, high * maximum);
      const error = squaredError(observation, tensor);
      if (error < bestError) [best, bestError] = [tensor, error];
    }
  }
  return best;
}
