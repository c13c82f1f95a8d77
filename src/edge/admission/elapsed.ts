/**
 * @module
 * Time that passes, for leases: a clock that is set back or forth on the wall must neither take a place away nor keep it.
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

/** Milliseconds since this isolate began, as far as it was asked; in a Worker they pass with I/O. */
export const elapsed = createElapsed();
