/**
 * @module
 * Which failures are worth another try, and when.
 */
import type { ProblemCode } from "../../glam/problem.ts";
import { ConnectionError, ProblemError } from "./errors.ts";

/** First pause; each further one is twice as long, up to the longest. */
const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/** Further tries in a row by default, about a minute in all. */
export const RETRIES = 8;

/** A longer `Retry-After` than this, in seconds, is not waited for. */
const MOST_PATIENCE_S = 300;

/**
 * An expired upload is started anew, one whose last run broke off is free again soon, a tile may change on the way, and a
 * stalled connection may be better the next time.
 */
const MENDABLE: readonly ProblemCode[] = ["upload-not-found", "upload-in-use", "digest-mismatch", "too-slow"];

/** Answers of the service that say "later", and of gateways in front of it that say "not now". */
const LATER = [429, 503];
const GATEWAY = [429, 502, 503, 504];

/**
 * Milliseconds to wait before another try; `undefined` when it would not help. Never for what is wrong with the input.
 * @param failures how often it failed before in a row, 0 the first time
 * @param random from 0 to 1; spreads clients that were turned away together
 */
export function retryDelay(error: unknown, failures: number, random: () => number = Math.random): number | undefined {
  const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (0.5 + random() / 2);
  const later =
    (error instanceof ProblemError && (LATER.includes(error.problem.status) || MENDABLE.includes(error.code))) ||
    (error instanceof ConnectionError && (error.code === "connection-lost" || GATEWAY.includes(error.status ?? 0)));
  if (!later) return undefined;
  const { retryAfter = 0 } = error;
  return retryAfter > MOST_PATIENCE_S ? undefined : retryAfter * 1000 + backoff;
}
