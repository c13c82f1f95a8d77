/**
 * @module
 * Sends the crops of one request out in parallel: a few at a time, each try with its own deadline, one more try on
 * another target.
 */

import type { SegmentCrop } from "../glam/contracts.ts";
import { GlamError } from "../glam/problem.ts";
import { orAborted } from "./or-aborted.ts";
import type { Transport } from "./transport.ts";
import { decodeMap, encodeCrop, type ModelIdentity } from "./wire.ts";

/** How the crops of one request travel. */
export type DispatchOptions = {
  transport: Transport;
  model: ModelIdentity;
  /** Side of a local map in cells. */
  mapSide: number;
  /** Time for one try, in ms. */
  cropDeadlineMs: number;
  /** Aborted when the whole request's time is up. */
  deadline: AbortSignal;
  /** Told of every try, which may go on after nobody waits for it; see `keepAlive` of the routes. */
  started?: (work: Promise<unknown>) => void;
  /** Tries of one crop; 2 when not given. */
  tries?: number;
  /** Crops under way at once; 6, the number of connections a Worker may have, when not given. */
  concurrency?: number;
};

/**
 * Makes the `SegmentCrop` of one request; its crops start at a random target and take turns.
 * @throws (the function it makes) GlamError `crop-failed` with what each try met, `deadline-exceeded`, or the caller's reason
 */
export function createDispatch(options: DispatchOptions): SegmentCrop {
  const { transport, deadline, tries = 2, concurrency = 6 } = options;
  const limited = limit(concurrency);
  const first = Math.floor(Math.random() * transport.targets);
  // Far from the first choice and, with more than one target, never the same.
  const stride = Math.ceil(transport.targets / 2);
  return (crop, caller) =>
    limited(async () => {
      const signal = AbortSignal.any([caller, deadline]);
      const message = encodeCrop(crop, options.model);
      const failures: string[] = [];
      for (let attempt = 0; attempt < tries; attempt++) {
        signal.throwIfAborted();
        const target = (first + crop.rank + attempt * stride) % transport.targets;
        try {
          return await tryOnce(options, target, message, signal);
        } catch (error) {
          signal.throwIfAborted();
          failures.push(nameFailure(error));
        }
      }
      const detail = `The crop of region ${crop.rank} failed ${tries} times: ${failures.join(", then ")}.`;
      throw new GlamError("crop-failed", detail);
    });
}

/** One try with its own deadline. */
async function tryOnce(
  { transport, mapSide, cropDeadlineMs, started }: DispatchOptions,
  target: number,
  message: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Float32Array> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Late()), cropDeadlineMs);
  const stop = AbortSignal.any([signal, controller.signal]);
  try {
    const work = transport.send(target, message, stop);
    started?.(work);
    return decodeMap(await orAborted(work, stop), mapSide);
  } finally {
    clearTimeout(timer);
  }
}

/** A try took too long. */
class Late extends Error {}

/** A failed try in public words: never an address or an exception's own message. */
function nameFailure(error: unknown): string {
  if (error instanceof Late) return "no answer in time";
  if (error instanceof GlamError) return error.code === "invalid-request" ? "an unreadable answer" : error.code;
  return "unreachable";
}

/** Runs at most `count` of the tasks it is given at once, first come first served. */
function limit(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
