/**
 * @module
 * Randomised seconds of `Retry-After`, so that callers refused together do not come back together.
 */

/**
 * @returns a whole number from `from` to `to`
 * @param random from 0 to below 1
 */
export const spread = (from: number, to: number, random: () => number = Math.random): number =>
  from + Math.floor(random() * (to - from + 1));
