/**
 * @module
 * Which target a crop goes to: the one with the least to do. Crops take long, so one too many on a slow or busy target delays
 * the whole answer.
 */

/** The targets of one request. */
export type Targets = {
  /**
   * Takes the least loaded target that is not in `tried`, if there is one.
   * @param preferred breaks ties: this one and those behind it first
   */
  take(preferred: number, tried: ReadonlySet<number>): number;
  /** The crop is back; a target that failed counts as busier from then on. */
  giveBack(target: number, failed: boolean): void;
};

/** @param count number of targets */
export function createTargets(count: number): Targets {
  const load = new Array<number>(count).fill(0);
  return {
    take(preferred, tried) {
      const order = Array.from({ length: count }, (_, i) => (preferred + i) % count);
      const fresh = order.filter((target) => !tried.has(target));
      const open = fresh.length > 0 ? fresh : order;
      const least = open.reduce((best, target) => (load[target] < load[best] ? target : best));
      load[least]++;
      return least;
    },
    giveBack(target, failed) {
      // A dead target fails fast and would seem idle.
      if (!failed) load[target]--;
    },
  };
}
