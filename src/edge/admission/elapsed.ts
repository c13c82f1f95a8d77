/**
 * @module
 * Elapsed time for leases: a change of the wall clock must neither end nor extend one.
 */

/**
 * A clock that never goes back.
 * @param read milliseconds; the platform's monotonic clock, where it has one
 */
export function createElapsed(read: () => number = () => performance.now()): () => number {
  let last = read();
  let passed = 0;
  return () => {
    const now = read();
    passed += Math.max(0, now - last);
    last = now;
    return passed;
  };
}

/** Monotonic milliseconds; in a Worker they advance with I/O only. */
export const elapsed = createElapsed();
