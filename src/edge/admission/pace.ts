/**
 * @module
 * Whether bytes come fast enough. Each byte earns a little time, up to the longest pause that a sender may make: a body that
 * came in one burst and then stalls is late as soon as any other.
 */

/** See {@link createPace}; times in milliseconds. */
export type Pace = {
  arrived(bytes: number, now: number): void;
  /** The pause was the server's: the sender may pause again from now on. */
  forgive(now: number): void;
  /** For how long it has been too slow; negative while it is not. */
  lateMs(now: number): number;
};

/**
 * @param bytesPerSecond slowest rate that is accepted
 * @param pauseMs how long a sender may pause, at the beginning too
 */
export function createPace(bytesPerSecond: number, pauseMs: number, now: number): Pace {
  let due = now + pauseMs;
  return {
    arrived(bytes, now) {
      due = Math.min(now + pauseMs, due + (bytes / bytesPerSecond) * 1000);
    },
    forgive(now) {
      due = now + pauseMs;
    },
    lateMs: (now) => now - due,
  };
}
