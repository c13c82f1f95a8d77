/**
 * @module
 * How long a run may keep an upload without a sign of life. The instance of the object that gave it measures elapsed time;
 * another instance has only the wall clock, and ignores a time left that exceeds the lease, as after a clock was set back.
 */
import { elapsed } from "../admission/elapsed.ts";

/** A run as it is stored; `until` in milliseconds since the epoch. */
export type StoredRun = { token: string; until: number; leaseMs: number };

/** See {@link createRunLease}. */
export type RunLease = {
  /** Gives an upload to a run, or for longer to the one that has it. */
  hold(token: string, leaseMs: number): StoredRun;
  /** Milliseconds for which a stored run still has the upload; 0 when it is free. */
  leftMs(run: StoredRun | undefined): number;
};

/** @param clock wall clock and elapsed time, for tests */
export function createRunLease(clock = { wall: () => Date.now(), elapsed }): RunLease {
  let given: { token: string; ends: number } | undefined;
  return {
    hold(token, leaseMs) {
      given = { token, ends: clock.elapsed() + leaseMs };
      return { token, until: clock.wall() + leaseMs, leaseMs };
    },
    leftMs(run) {
      if (run === undefined) return 0;
      if (given?.token === run.token) return Math.max(0, given.ends - clock.elapsed());
      const left = run.until - clock.wall();
      return left > 0 && left <= run.leaseMs ? left : 0;
    },
  };
}
