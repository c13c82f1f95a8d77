/**
 * @module
 * A PNG's image data, inflated to the size that its header says and no further.
 */
import { Unzlib } from "fflate";

/** Deflate reaches about 1032 to 1, so one slice inflates to 2 MiB at most before the count is looked at. */
const slice = 2048;

/**
 * Inflates a zlib stream; stops soon after `length` bytes.
 * @returns the bytes, and how many were found: `length` in a valid stream
 * @throws Error of fflate when the stream is damaged or ends early
 */
export function inflate(data: Uint8Array, length: number): { bytes: Uint8Array; found: number } {
  const bytes = new Uint8Array(length);
  let found = 0;
  const stream = new Unzlib((part) => {
    if (found + part.length <= length) bytes.set(part, found);
    found += part.length;
  });
  for (let offset = 0; offset < data.length; offset += slice) {
    stream.push(data.subarray(offset, offset + slice));
    if (found > length) return { bytes, found };
  }
  stream.push(new Uint8Array(0), true);
  return { bytes, found };
}
