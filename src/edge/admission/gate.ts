/**
 * @module
 * How many segmentations compute at once in one isolate, whose memory all requests share, and in which order: first come,
 * first served, counted from the first try. A refused caller gets a ticket that keeps that time, so that it comes in before
 * callers that were served meanwhile and come again.
 *
 * A Worker whose client goes away may stop in the middle of any `await`, without running `finally`. So nothing here waits
 * for another request's promise: waiters poll, every place in the queue must be renewed, and every lease ends by itself.
 */
import { elapsed } from "./elapsed.ts";
import { createTickets } from "./tickets.ts";
import { TurnedAway } from "./turned-away.ts";
import { createUsualTime } from "./usual-time.ts";

/** Numbers of a gate; times in milliseconds. */
export type GateOptions = {
  slots: number;
  waiting: number;
  /** A lease that was not given back by then is taken back; longer than any request may take. */
  leaseMs: number;
  /** Clock, pause and random numbers, for tests. */
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
  random?: () => number;
};

/** A place inside; release it when done. Releasing it twice does nothing. */
export type Lease = { release(): void };

/** See {@link createGate}. */
export type Gate = {
  /**
   * @param ticket of an earlier refusal
   * @throws TurnedAway `busy` when the queue is full of others who came before, or the signal's reason
   */
  enter(signal: AbortSignal, ticket?: string): Promise<Lease>;
  load(): { running: number; waiting: number };
};

/** One in the queue: when it came first, when it last polled, and whether an earlier caller took its place. */
type Waiter = { since: number; seen: number; displaced: boolean };

const POLL_MS = 20;
/** A waiter that has not polled for this long is gone; generous, because running networks block all timers. */
const STALE_MS = 15_000;
/** Assumed duration of a segmentation until enough are measured. */
const USUAL_MS = 2_000;
/** Largest `Retry-After`, in seconds. */
const MOST_SECONDS = 120;

/**
 * @example
 * const gate = createGate({ slots: 1, waiting: 4, leaseMs: 120_000 });
 * const lease = await gate.enter(signal);
 * try { await work(); } finally { lease.release(); }
 */
export function createGate({ slots, waiting, leaseMs, ...clock }: GateOptions): Gate {
  const now = clock.now ?? elapsed;
  const pause = clock.pause ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)));
  const random = clock.random ?? Math.random;
  const leases = new Map<object, number>();
  const queue = new Set<Waiter>();
  const tickets = createTickets(now);
  const usual = createUsualTime(USUAL_MS);

  /** Drops expired leases and waiters that stopped polling. */
  const sweep = () => {
    for (const [lease, ends] of leases) if (ends <= now()) leases.delete(lease);
    for (const waiter of queue) if (waiter.seen + STALE_MS <= now()) queue.delete(waiter);
  };
  const lease = (): Lease => {
    const began = now();
    const key: Lease = {
      release() {
        if (leases.delete(key)) usual.took(now() - began);
      },
    };
    leases.set(key, began + leaseMs);
    return key;
  };
  const inOrder = () => [...queue].sort((a, b) => a.since - b.since);

  /** Asks to come back when about half a queue is left ahead: early enough to find a place, late enough to be let in. */
  function turnAway(since: number): TurnedAway {
    const ahead = leases.size + tickets.before(since) + [...queue].filter((waiter) => waiter.since <= since).length;
    const turnMs = (Math.max(0, ahead - waiting / 2) * usual.ms()) / slots;
    const seconds = Math.min(MOST_SECONDS, Math.ceil((turnMs / 1000) * (1 + random() / 4) + random()) || 1);
    return new TurnedAway(seconds, tickets.issue(since, seconds * 1000));
  }

  return {
    load() {
      sweep();
      return { running: leases.size, waiting: queue.size };
    },
    async enter(signal, ticket) {
      signal.throwIfAborted();
      sweep();
      const since = tickets.take(ticket) ?? now();
      if (leases.size < slots && queue.size === 0) return lease();
      const own: Waiter = { since, seen: now(), displaced: false };
      if (queue.size >= waiting) {
        const last = inOrder().at(-1);
        if (last === undefined || last.since <= since) throw turnAway(since);
        last.displaced = true;
        queue.delete(last);
      }
      queue.add(own);
      try {
        for (;;) {
          await pause(POLL_MS);
          signal.throwIfAborted();
          if (own.displaced) throw turnAway(since);
          sweep();
          own.seen = now();
          queue.add(own);
          if (inOrder()[0] === own && leases.size < slots) return lease();
        }
      } finally {
        queue.delete(own);
      }
    },
  };
}
