/**
 * @module
 * Bodies that arrive, under a shared byte budget. Bytes are counted as they come; a body that is too slow is dropped. When
 * the budget is used up, the next bytes wait for a while; meanwhile the slowest of the bodies that hold more than a fair share
 * are dropped. So a sender at a normal rate is not refused because others stall.
 *
 * As at the gate nothing waits for another request's promise: waiters poll, a dropped body learns of it from its own timer, and
 * what a cancelled request left behind expires.
 */
import { GlamError } from "../../glam/problem.ts";
import { elapsed } from "./elapsed.ts";
import { fairLevel } from "./fair-level.ts";
import type { BufferShare } from "./memory-ledger.ts";
import { createPace, type Pace } from "./pace.ts";
import { spread } from "./spread.ts";

/** A slower body is dropped always, or while others wait. Bytes a second, and the longest pause. */
const ALONE = { rate: 4 * 1024, pauseMs: 10_000 };
const CROWDED = { rate: 64 * 1024, pauseMs: 2_000 };
/** How long bytes wait for room before the request is refused. */
const PATIENCE_MS = 6_000;
const POLL_MS = 50;
const WATCH_MS = 500;
/** After this time a dropped body, or a waiter that does not poll, belongs to a cancelled request. */
const GONE_MS = 3_000;

/** One body that arrives. */
export type Reception = {
  /** Aborted with GlamError `too-slow` or `busy` when the body is dropped, or with the request's own reason. */
  signal: AbortSignal;
  /**
   * Counts bytes before they are kept, and waits until there is room for them.
   * @param allocated all that is held of the body then
   * @param arrived how many of them are new
   * @throws GlamError `busy`, `out-of-memory`, or the signal's reason
   */
  keep(allocated: number, arrived: number): Promise<void>;
  /** The body is complete, or not wanted. */
  end(): void;
};

/** See {@link createReceiving}. */
export type Receiving = {
  open(share: BufferShare, signal: AbortSignal): Reception;
  /**
   * Claims room for computing, for which bodies that arrive make room as they do for each other.
   * @param claim throws GlamError `busy` as long as there is none
   */
  whenRoom(claim: () => void, signal: AbortSignal): Promise<void>;
};

type Body = {
  share: BufferShare;
  held: number;
  alone: Pace;
  crowded: Pace;
  dropped?: { reason: GlamError; at: number };
};
/** A claim that waits for room: a body that grows to `total` bytes, or a request that is to compute. */
type Waiter = { body: Body | undefined; total: number; since: number; seen: number };

/** @param clock time and pauses, for tests */
export function createReceiving(
  clock: { now?: () => number; pause?: (ms: number) => Promise<unknown> } = {},
): Receiving {
  const now = clock.now ?? elapsed;
  const pause = clock.pause ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)));
  const bodies = new Set<Body>();
  const waiters = new Set<Waiter>();

  /** The fair share of one body while the budget is used up. */
  function level(): number {
    const wanted = new Map([...waiters].map(({ body, total }) => [body, total]));
    const demands = [...bodies].map((body) => wanted.get(body) ?? body.held);
    const computing = [...waiters].filter(({ body }) => body === undefined).map(() => Infinity);
    return fairLevel([...demands, ...computing], heldBy(bodies));
  }
  const isModest = ({ body, total }: Waiter, level: number) => body === undefined || total <= level;

  /** Whether another waiter wants less than a fair share, and goes first. */
  function othersFirst(own: Waiter): boolean {
    if (waiters.size === 0 || (waiters.size === 1 && waiters.has(own))) return false;
    const most = level();
    return !isModest(own, most) && [...waiters].some((other) => other !== own && isModest(other, most));
  }

  function forgetTheGone(): void {
    for (const waiter of waiters) if (waiter.seen + GONE_MS <= now()) waiters.delete(waiter);
    for (const body of bodies) {
      if (body.dropped && body.dropped.at + GONE_MS <= now()) {
        bodies.delete(body);
        body.share.release();
      }
    }
  }

  /** Drops slow and greedy bodies until enough for this waiter is about to be free. */
  function makeRoom(own: Waiter): void {
    const most = level();
    const waiting = new Map([...waiters].map(({ body, since }) => [body, since]));
    // A waiting body is dropped at once for one that wants less than a fair share, else after a while.
    const patience = isModest(own, most) ? 0 : CROWDED.pauseMs;
    const late = (body: Body) => {
      const since = waiting.get(body);
      return since === undefined ? body.crowded.lateMs(now()) : Math.min(0, now() - since - patience);
    };
    const staying = [...bodies].filter(({ dropped, held }) => !dropped && held > 0);
    const candidates = staying.filter((body) => body !== own.body && late(body) >= 0);
    const greedy = candidates.filter(({ held }) => held > most);
    const chosen = greedy.length > 0 ? greedy : candidates.filter((body) => late(body) > 0);
    let free = heldBy(bodies) - heldBy(staying);
    const enough = Math.max(own.total - (own.body?.held ?? 0), heldBy(bodies) / 8);
    for (const body of chosen.sort((a, b) => late(b) - late(a) || b.held - a.held)) {
      // A body that only waits is dropped last.
      if (free >= enough || (free > 0 && late(body) <= 0)) break;
      drop(body, late(body) > 0 ? tooSlow() : refused());
      free += body.held;
    }
  }

  const drop = (body: Body, reason: GlamError) => {
    body.dropped ??= { reason, at: now() };
  };

  /** Tries a claim until it fits or patience ends. */
  async function wait(own: Waiter, claim: () => void, signal: AbortSignal): Promise<void> {
    const until = now() + PATIENCE_MS;
    try {
      for (;;) {
        signal.throwIfAborted();
        if (own.body?.dropped) throw own.body.dropped.reason;
        own.seen = now();
        forgetTheGone();
        const busy = othersFirst(own) ? refused() : refusalOf(claim);
        if (busy === undefined) return;
        if (now() >= until) throw busy;
        waiters.add(own);
        makeRoom(own);
        await pause(POLL_MS);
      }
    } finally {
      waiters.delete(own);
      own.body?.crowded.forgive(now());
      own.body?.alone.forgive(now());
    }
  }

  return {
    open(share, signal) {
      const body: Body = {
        share,
        held: 0,
        alone: createPace(ALONE.rate, ALONE.pauseMs, now()),
        crowded: createPace(CROWDED.rate, CROWDED.pauseMs, now()),
      };
      bodies.add(body);
      const stop = new AbortController();
      const isWaiting = () => [...waiters].some((waiter) => waiter.body === body);
      const watch = setInterval(() => {
        if (!isWaiting() && body.alone.lateMs(now()) > 0) drop(body, tooSlow());
        if (body.dropped) stop.abort(body.dropped.reason);
      }, WATCH_MS);
      const either = AbortSignal.any([signal, stop.signal]);
      return {
        signal: either,
        async keep(allocated, arrived) {
          body.alone.arrived(arrived, now());
          body.crowded.arrived(arrived, now());
          const claim = () => share.hold("upload", allocated);
          const own: Waiter = { body, total: allocated, since: now(), seen: now() };
          if (body.dropped || othersFirst(own) || refusalOf(claim)) await wait(own, claim, either);
          body.held = allocated;
        },
        end() {
          clearInterval(watch);
          bodies.delete(body);
        },
      };
    },
    whenRoom: (claim, signal) => wait({ body: undefined, total: 0, since: now(), seen: now() }, claim, signal),
  };
}

const heldBy = (bodies: Iterable<Body>): number => [...bodies].reduce((sum, { held }) => sum + held, 0);

/** @returns why a claim has to wait; undefined when it was granted. @throws errors that waiting does not cure */
function refusalOf(claim: () => void): GlamError | undefined {
  try {
    claim();
    return undefined;
  } catch (error) {
    if (error instanceof GlamError && error.code === "busy") return error;
    throw error;
  }
}

const tooSlow = () =>
  new GlamError(
    "too-slow",
    "The body came too slowly, and others need the room. Send it again on a better connection, or tile by tile (POST /v1/uploads).",
  );
const refused = () =>
  new GlamError("busy", "This server is receiving other images. Try again in a few seconds.", {
    retryAfter: spread(2, 8),
  });
