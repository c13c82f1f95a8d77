/**
 * @module
 * Reading a body that may be too long, too slow or cut off. Bytes are counted as they come; `Content-Length` is believed
 * only when it already says "too much".
 */

import { GlamError } from "../../glam/problem.ts";
import { orAborted } from "../fanout/or-aborted.ts";

/** Blocks handed on are at least this large, so that a body in one-byte chunks does not become a million objects. */
const BLOCK = 64 * 1024;

/** The answers to a body that is too large, and to one whose connection ends early. */
export type BodyProblems = { tooLarge(maxBytes: number): GlamError; cutOff(cause: unknown): GlamError };

const formProblems: BodyProblems = {
  tooLarge: (maxBytes) =>
    new GlamError("body-too-large", `The body is larger than ${maxBytes} bytes. Send fewer or smaller tiles.`),
  cutOff: (cause) => new GlamError("malformed-form", "The connection ended before the body did.", { cause }),
};

/**
 * Yields a body in blocks, and stops reading it when the consumer stops.
 * @param problems for a form `body-too-large` as soon as it is, and `malformed-form` when the connection ends early
 * @throws GlamError one of these, or the signal's reason
 */
export async function* readBlocks(
  body: ReadableStream<Uint8Array> | null,
  contentLength: string | null,
  maxBytes: number,
  signal: AbortSignal,
  problems: BodyProblems = formProblems,
): AsyncGenerator<Uint8Array, void, void> {
  if (contentLength !== null && Number(contentLength) > maxBytes) {
    await body?.cancel().catch(() => {});
    throw problems.tooLarge(maxBytes);
  }
  if (body === null) return;
  const reader = body.getReader();
  let total = 0;
  let block = new Uint8Array(BLOCK);
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await orAborted(reader.read(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw problems.cutOff(error);
      });
      if (done) break;
      total += value.byteLength;
      if (total > maxBytes) throw problems.tooLarge(maxBytes);
      if (filled + value.byteLength <= BLOCK) {
        block.set(value, filled);
        filled += value.byteLength;
        continue;
      }
      if (filled > 0) yield block.subarray(0, filled);
      block = new Uint8Array(BLOCK);
      filled = 0;
      if (value.byteLength > BLOCK) yield value;
      else {
        block.set(value);
        filled = value.byteLength;
      }
    }
    if (filled > 0) yield block.subarray(0, filled);
  } finally {
    // Not awaited: a client that never sends the rest must not hold the answer back.
    reader.cancel().catch(() => {});
  }
}
