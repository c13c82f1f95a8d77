/**
 * @module
 * How many segmentations compute at once in one isolate, whose memory all requests share.
 *
 * A Worker whose client goes away may stop in the middle of any `await`, without running `finally`. So nothing here waits
 * for another request's promise: waiters poll, every place in the queue must be renewed, and every lease ends by itself.
 */
import { GlamError } from "../../glam/problem.ts";
import { elapsed } from "./elapsed.ts";

/** Numbers of a gate; times in milliseconds. */
export type GateOptions = {
  slots: number;
  waiting: number;
  /** A lease that was not given back by then is taken back; longer than any request may take. */
  leaseMs: number;
  /** Clock and pause, for tests. */
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
};

/** A place inside; give it back when done. Giving it back twice does no harm. */
export type Lease = { release(): void };

/** See {@link createGate}. */
export type Gate = {
  /** @throws GlamError `busy` at once when the queue is full, or the signal's reason */
  enter(signal: AbortSignal): Promise<Lease>;
  load(): { running: number; waiting: number };
};

const POLL_MS = 20;
/** A waiter that has not polled for this long is gone; generous, because running networks block all timers. */
const STALE_MS = 15_000;

/**
 * @example
 * const gate = createGate({ slots: 1, waiting: 4, leaseMs: 120_000 });
 * const lease = await gate.enter(signal);
 * try { await work(); } finally { lease.release(); }
 */
export function createGate({ slots, waiting, leaseMs, ...clock }: GateOptions): Gate {
  const now = clock.now ?? elapsed;
  const pause = clock.pause ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)));
  const leases = new Map<object, number>();
  const queue = new Map<object, number>();

  /** Drops what nobody gives back any more. */
  const sweep = () => {
    for (const [lease, ends] of leases) if (ends <= now()) leases.delete(lease);
    for (const [ticket, seen] of queue) if (seen + STALE_MS <= now()) queue.delete(ticket);
  };
  const lease = (): Lease => {
    const key: Lease = { release: () => void leases.delete(key) };
    leases.set(key, now() + leaseMs);
    return key;
  };

  return {
    load() {
      sweep();
      return { running: leases.size, waiting: queue.size };
    },
    async enter(signal) {
      signal.throwIfAborted();
      sweep();
      if (leases.size < slots && queue.size === 0) return lease();
      if (queue.size >= waiting) {
        throw new GlamError("busy", "This server is computing other images. Try again in a few seconds.", {
          retryAfter: 5,
        });
      }
      const ticket = {};
      queue.set(ticket, now());
      try {
        for (;;) {
          await pause(POLL_MS);
          signal.throwIfAborted();
          sweep();
          if (!queue.has(ticket)) queue.set(ticket, now());
          const [first] = queue.keys();
          if (first === ticket && leases.size < slots) return lease();
          queue.set(ticket, now());
        }
      } finally {
        queue.delete(ticket);
      }
    },
  };
}
