/**
 * @module
 * Recent duration of a segmentation: the median of the last ones, so that a first one that loads everything does not count.
 */

const REMEMBERED = 9;
/** From how many on the median counts. */
const ENOUGH = 3;

/** See {@link createUsualTime}; milliseconds. */
export type UsualTime = { took(ms: number): void; ms(): number };

/** @param guess used until then, unless a run was faster */
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
