/**
 * @module
 * Percentile bootstrap over patients: all images of a patient are drawn together, because they are not independent.
 */
import { createRandom } from "../../src/phantom/random.ts";

/** Lower and upper end of a 95 % interval, or null where too few draws gave a number. */
export type Interval = [number, number] | null;

/** Items of one patient. */
export type Cluster<T> = readonly T[];

/** Puts items that share a key together, in the order of their first member. */
export function clusters<T>(items: readonly T[], key: (item: T) => string): Cluster<T>[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Value at quantile `q` of sorted numbers, interpolated. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/**
 * 95 % intervals of several statistics from the same draws, so that differences between them are paired.
 * @param statistics gives the same names for every draw; NaN where it is undefined (no positive in the draw)
 * @param rounds draws of as many patients as there are, with replacement
 * @returns null for a statistic that is defined in fewer than half of the draws
 */
export function bootstrap<T>(
  patients: readonly Cluster<T>[],
  statistics: (items: T[]) => ReadonlyMap<string, number>,
  { rounds = 1000, seed = 1 } = {},
): Map<string, Interval> {
  const random = createRandom(seed, "bootstrap");
  const values = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const drawn = Array.from(patients, () => patients[random.below(patients.length)]).flat();
    for (const [name, value] of statistics(drawn)) {
      const list = values.get(name) ?? [];
      if (!Number.isNaN(value)) list.push(value);
      values.set(name, list);
    }
  }
  const intervals = new Map<string, Interval>();
  for (const [name, list] of values) {
    list.sort((a, b) => a - b);
    intervals.set(name, list.length * 2 < rounds ? null : [quantile(list, 0.025), quantile(list, 0.975)]);
  }
  return intervals;
}
