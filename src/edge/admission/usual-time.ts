/**
 * @module
 * What a segmentation takes here, as far as it is known: the median of the last ones, so that a first one that had to load
 * everything does not count.
 */

const REMEMBERED = 9;
/** Known well enough from so many on. */
const ENOUGH = 3;

/** See {@link createUsualTime}; milliseconds. */
export type UsualTime = { took(ms: number): void; ms(): number };

/** @param guess until it is known, if nothing was faster */
export function createUsualTime(guess: number): UsualTime {
  const last: number[] = [];
  return {
    took(ms) {
      last.push(ms);
      if (last.length > REMEMBERED) last.shift();
    },
    ms() {
      if (last.length < ENOUGH) return Math.min(guess, ...last);
      return last.toSorted((a, b) => a - b)[Math.floor(last.length / 2)];
    },
  };
}
