/**
 * @module
 * How long a run may keep an upload without a sign of life. The object that gave it measures the time that passes; another
 * instance of the object knows the clock on the wall only, and believes no time that a clock set back would make of it.
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

/** @param clock the time on the wall and the time that passes, for tests */
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
