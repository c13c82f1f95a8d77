/**
 * @module
 * One at a time, in an isolate where the holder or a waiter may vanish: a cancelled request's code does not go on.
 */
import { GlamError } from "../../glam/problem.ts";

/** Runs `work` when nothing else runs under the same lock. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A lock for work that does no I/O. Such work runs in microtasks, so a cancelled request cannot leave it half done; a
 * request that is cancelled while it waits is passed over, because a release wakes every waiter and the first to run wins.
 * A chain of promises would hang behind it.
 * @param patienceMs a waiter that sees the same holder for longer takes it for stopped, e.g. by a CPU limit, and rejects
 * with GlamError `busy`; what the holder used is then unusable
 */
export function createExclusive(patienceMs = 60_000): Exclusive {
  let held = false;
  /** Counts holders. */
  let turn = 0;
  let wake: (() => void)[] = [];

  /** Waits for the next release, or until patience ends. */
  async function waitForRelease(): Promise<void> {
    const seen = turn;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      wake.push(resolve);
      timer = setTimeout(resolve, patienceMs);
    });
    if (!held || turn !== seen) return clearTimeout(timer);
    throw new GlamError("busy", "The networks of this isolate are held by a request that was stopped.", {
      retryAfter: Math.ceil(patienceMs / 1000),
    });
  }

  return async function exclusive(work) {
    while (held) await waitForRelease();
    held = true;
    turn++;
    try {
      return await work();
    } finally {
      held = false;
      const waiting = wake;
      wake = [];
      for (const resolve of waiting) resolve();
    }
  };
}
