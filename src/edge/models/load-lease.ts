/**
 * @module
 * Lets one request fetch a file while others wait for the result. Fetching is I/O, which ends with the request that does
 * it, so no request waits for another's promise: a waiter polls and takes over when the time is up.
 */
import { elapsed } from "../admission/elapsed.ts";

/** How long a holder may take before others go on without it, and how often they look, in milliseconds. */
const leaseMs = 3_000;
const pollMs = 10;

/** Runs `load` unless another request does; then waits until `done()` or until that request has had its time. */
export type LoadLease = (key: string, done: () => boolean, load: () => Promise<void>) => Promise<void>;

/** @param now milliseconds; in Workers time passes with I/O, and waiting here is I/O */
export function createLoadLease(now: () => number = elapsed): LoadLease {
  const until = new Map<string, number>();

  return async function lease(key, done, load) {
    while ((until.get(key) ?? 0) > now()) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      if (done()) return;
    }
    const end = now() + leaseMs;
    until.set(key, end);
    try {
      await load();
    } finally {
      if (until.get(key) === end) until.delete(key);
    }
  };
}
