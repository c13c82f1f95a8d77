/**
 * @module
 * Reading a body that may be too long, too slow or cut off. Memory is taken as bytes come, and counted before;
 * `Content-Length` counts only when it exceeds the limit.
 */

import { GlamError } from "../../glam/problem.ts";
import type { BufferShare } from "../admission/memory-ledger.ts";
import type { Receiving, Reception } from "../admission/receiving.ts";
import { orAborted } from "../fanout/or-aborted.ts";

/** Size of the blocks that are handed on, except the last: a body in one-byte chunks must not become a million objects. */
const BLOCK = 64 * 1024;
/** Size of the first block; a full one is doubled. */
const FIRST = 1024;

/** The answers to a body that is too large, and to one whose connection ends early. */
export type BodyProblems = { tooLarge(maxBytes: number): GlamError; cutOff(cause: unknown): GlamError };

const formProblems: BodyProblems = {
  tooLarge: (maxBytes) =>
    new GlamError("body-too-large", `The body is larger than ${maxBytes} bytes. Send fewer or smaller tiles.`),
  cutOff: (cause) => new GlamError("malformed-form", "The connection ended before the body did.", { cause }),
};

/** Where a body's bytes are counted, how many there may be, and until when. */
export type BodyLimits = {
  receiving: Receiving;
  share: BufferShare;
  maxBytes: number;
  signal: AbortSignal;
  /** For a form when not given: `body-too-large`, `malformed-form`. */
  problems?: BodyProblems;
};

/**
 * Yields a request's body in blocks, and stops reading it when the consumer stops.
 * @throws GlamError of the limits' problems, `too-slow`, `busy`, `out-of-memory`, or the signal's reason
 */
export async function* receiveBlocks(
  { body, headers }: Pick<Request, "body" | "headers">,
  { receiving, share, maxBytes, signal, problems = formProblems }: BodyLimits,
): AsyncGenerator<Uint8Array, void, void> {
  if (Number(headers.get("content-length")) > maxBytes) {
    await body?.cancel().catch(() => {});
    throw problems.tooLarge(maxBytes);
  }
  if (body === null) return;
  const reception = receiving.open(share, signal);
  try {
    yield* readBlocks(body, maxBytes, reception, problems);
  } finally {
    reception.end();
  }
}

/** Yields a stream in blocks. @throws as {@link receiveBlocks} */
async function* readBlocks(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  { keep, signal }: Reception,
  problems: BodyProblems,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader();
  let total = 0;
  /** Bytes of blocks that were handed on. */
  let given = 0;
  let block = new Uint8Array(0);
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await orAborted(reader.read(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw problems.cutOff(error);
      });
      if (done) break;
      const { byteLength } = value;
      total += byteLength;
      if (total > maxBytes) throw problems.tooLarge(maxBytes);
      if (filled > 0 && filled + byteLength > BLOCK) {
        given += block.length;
        yield block.subarray(0, filled);
        block = new Uint8Array(0);
        filled = 0;
      }
      const size = byteLength > BLOCK ? byteLength : sizeFor(filled + byteLength, block.length);
      await keep(given + size, byteLength);
      if (size > BLOCK) {
        given += size;
        yield value;
        continue;
      }
      block = grown(block, size);
      block.set(value, filled);
      filled += byteLength;
    }
    if (filled > 0) yield block.subarray(0, filled);
  } finally {
    // Not awaited: a client that never sends the rest must not hold the answer back.
    reader.cancel().catch(() => {});
  }
}

/** Size of a block for `bytes`: the present size, doubled as often as needed. */
function sizeFor(bytes: number, present: number): number {
  let size = Math.max(present, FIRST);
  while (size < bytes) size *= 2;
  return Math.min(size, BLOCK);
}

/** The same bytes in a block of this size. */
function grown(block: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (block.length === size) return block;
  const larger = new Uint8Array(size);
  larger.set(block);
  return larger;
}
