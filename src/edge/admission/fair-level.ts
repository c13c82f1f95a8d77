/**
 * @module
 * How much of a scarce thing each may have: whoever wants less than an equal part leaves the rest to the others
 * (max-min fairness). A thousand that want next to nothing take nothing away from one that wants much.
 */

/**
 * The most that one may have when all have the same right to it.
 * @param demands what each wants
 * @returns Infinity when there is enough for everybody
 * @example fairLevel([1, 8, 9], 11); // 5
 */
export function fairLevel(demands: readonly number[], available: number): number {
  let rest = available;
  const sorted = [...demands].sort((a, b) => a - b);
  for (const [i, demand] of sorted.entries()) {
    const part = rest / (sorted.length - i);
    if (demand > part) return part;
    rest -= demand;
  }
  return Infinity;
}
