/**
 * @module
 * What may stand before the first boundary of a multipart form: nothing, a line end, or a preamble, which is to be ignored
 * (RFC 2046 section 5.1.1). The parser wants the boundary at once.
 */
import { concatenate } from "../../bytes/concatenate.ts";
import { GlamError } from "../../glam/problem.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const [CR, LF] = [13, 10];

/**
 * The body from its first boundary on; a body without one is empty.
 * @throws GlamError `malformed-form` for lines that end in LF alone, `unsupported-media-type` for a body that is compressed
 */
export async function* fromFirstBoundary(
  blocks: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Uint8Array, void, void> {
  const line = bytesOf(`\n--${boundary}`);
  // As if a line ended before the body; what is held is searched again with the next block.
  let held = bytesOf("\r\n");
  let start = true;
  let found = false;
  for await (const block of blocks) {
    if (found) {
      yield block;
      continue;
    }
    const seen = concatenate([held, block]);
    if (start && seen.length >= 4) {
      start = false;
      if (seen[2] === 0x1f && seen[3] === 0x8b) throw compressed("gzip");
    }
    const at = indexOf(seen, line);
    const end = at + line.length;
    if (at < 0 || end + 2 > seen.length) {
      held = seen.slice(at < 0 ? Math.max(0, seen.length - line.length) : Math.max(0, at - 1));
      continue;
    }
    if (seen[end] === LF || seen[at - 1] !== CR) {
      throw new GlamError("malformed-form", "The form's lines end in LF; those of a multipart form end in CR LF.");
    }
    found = true;
    yield seen.subarray(at + 1);
  }
}

/** @throws GlamError `unsupported-media-type` when the headers say that the body is compressed */
export function checkNotEncoded(headers: Headers): void {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") throw compressed(encoding);
}

function compressed(encoding: string): GlamError {
  const name = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress"].includes(encoding) ? encoding : "something";
  const detail = `The body is encoded as ${name}; send it as it is. PNG and JPEG are compressed already.`;
  return new GlamError("unsupported-media-type", detail, { at: "content-encoding" });
}

/** Where `wanted` begins in `bytes`, or -1. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
