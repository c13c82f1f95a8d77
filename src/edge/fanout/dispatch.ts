/**
 * @module
 * Sends the crops of one request out in parallel, whole or in bands: a few at a time, each try with its own deadline, one
 * more try on another target.
 */

import { decodeMap, encodeCrop, type ModelIdentity, mostMapBytes } from "../../contract/crop-wire.ts";
import type { Band, Crop, SegmentCrop } from "../../glam/contracts.ts";
import { joinRows } from "../../glam/map-rows.ts";
import { GlamError } from "../../glam/problem.ts";
import { createTargets } from "./choose-target.ts";
import { orAborted } from "./or-aborted.ts";
import type { Transport } from "./transport.ts";

/** How the crops of one request travel. */
export type DispatchOptions = {
  transport: Transport;
  model: ModelIdentity;
  /** Side of a local map in cells. */
  mapSide: number;
  /** Parts of the map that are computed apart, together all rows; one when not given. */
  bands?: readonly Band[];
  /** Time for one try, in ms. */
  cropDeadlineMs: number;
  /** Aborted when the whole request's time is up. */
  deadline: AbortSignal;
  /** Told of every try, which may go on after its request has ended; see `keepAlive` of the routes. */
  started?: (work: Promise<unknown>) => void;
  /** Tries of one message; 2 when not given. */
  tries?: number;
};

/** Messages under way at once: the number of connections that a Worker may have. */
export const CONNECTIONS = 6;
/** Messages to one target: one that computes, and one that waits there, so that the target is not idle between them. */
const PER_TARGET = 2;

/** How many messages are under way at once; the others wait here, and go to the target that is free first. */
export const cropsUnderWay = ({ targets }: Pick<Transport, "targets">): number =>
  Math.min(CONNECTIONS, PER_TARGET * targets);

/**
 * Makes the `SegmentCrop` of one request; its crops start at a random target and go to the one with the least to do.
 * @throws (the function it makes) GlamError `crop-failed` with the failure of each try, `deadline-exceeded`, or the caller's reason
 */
export function createDispatch(options: DispatchOptions): SegmentCrop {
  const { transport, deadline, mapSide, tries = 2 } = options;
  const bands: readonly Band[] = options.bands ?? [[0, mapSide]];
  const limited = limit(cropsUnderWay(transport));
  const targets = createTargets(transport.targets);
  const first = Math.floor(Math.random() * transport.targets);
  // Far from the first choice: neighbours may fail together.
  const stride = Math.ceil(transport.targets / 2);

  const send = async (crop: Crop, band: Band, place: number, signal: AbortSignal): Promise<Float32Array> => {
    const message = encodeCrop(bands.length > 1 ? { ...crop, band } : crop, options.model);
    const failures: string[] = [];
    const tried = new Set<number>();
    for (let attempt = 0; attempt < tries; attempt++) {
      signal.throwIfAborted();
      const target = targets.take((first + place + attempt * stride) % transport.targets, tried);
      tried.add(target);
      try {
        const rows = await tryOnce(options, target, message, band, signal);
        targets.giveBack(target, false);
        return rows;
      } catch (error) {
        targets.giveBack(target, true);
        signal.throwIfAborted();
        failures.push(nameFailure(error));
      }
    }
    const detail = `The crop of region ${crop.rank} failed ${tries} times: ${failures.join(", then ")}.`;
    throw new GlamError("crop-failed", detail);
  };

  return async (crop, caller) => {
    // A band that fails ends the others: a map with a hole would be silently wrong.
    const failed = new AbortController();
    const signal = AbortSignal.any([caller, deadline, failed.signal]);
    const work = bands.map((band, i) =>
      limited(async () => ({ band, data: await send(crop, band, crop.rank * bands.length + i, signal) })),
    );
    try {
      const parts = await Promise.all(work);
      return parts.length > 1 ? joinRows(parts, mapSide) : parts[0].data;
    } catch (error) {
      failed.abort(error);
      await Promise.allSettled(work);
      throw error;
    }
  };
}

/** One try with its own deadline. */
async function tryOnce(
  { transport, mapSide, cropDeadlineMs, started }: DispatchOptions,
  target: number,
  message: Uint8Array<ArrayBuffer>,
  band: Band,
  signal: AbortSignal,
): Promise<Float32Array> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Late()), cropDeadlineMs);
  const stop = AbortSignal.any([signal, controller.signal]);
  try {
    const work = transport.send(target, message, stop, mostMapBytes(mapSide, band));
    started?.(work);
    return decodeMap(await orAborted(work, stop), mapSide, band);
  } finally {
    clearTimeout(timer);
  }
}

/** A try took too long. */
class Late extends Error {}

/** A failed try for the caller: never an address or an exception's message. */
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
