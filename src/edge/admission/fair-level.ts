/**
 * @module
 * Max-min fair shares: whoever wants less than an equal part leaves the rest to the others. A thousand small demands take
 * nothing away from a large one.
 */

/**
 * The largest share that one demand may get.
 * @param demands what each wants
 * @returns Infinity when all demands fit
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
