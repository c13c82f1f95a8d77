/**
 * @module
 * How many bytes a PNG's image data inflate to, found without keeping them: fast-png inflates whatever is there.
 */
import { Unzlib } from "fflate";
import type { Size } from "../../glam/spec.ts";

/** Deflate reaches about 1032 to 1, so one slice inflates to 2 MiB at most before the count is looked at. */
const slice = 2048;

/** Start and step of the seven Adam7 passes (PNG specification, section 8.2). */
const adam7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/**
 * Bytes of the filtered rows of an image: one filter byte and the samples of each row (of each pass).
 * @param bits those of a pixel
 */
export function filteredBytes(size: Size, bits: number, interlaced: boolean): number {
  const passes = interlaced ? adam7 : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  let total = 0;
  for (const { x, y, dx, dy } of passes) {
    const rows = Math.max(0, Math.ceil((size.height - y) / dy));
    const cols = Math.max(0, Math.ceil((size.width - x) / dx));
    if (cols > 0) total += rows * (1 + Math.ceil((cols * bits) / 8));
  }
  return total;
}

/**
 * Counts the bytes that a zlib stream inflates to; stops counting soon after `limit`.
 * @returns the exact count when it is at most `limit`, else any larger number
 * @throws Error of fflate when the stream is damaged or ends early
 */
export function inflatedSize(data: Uint8Array, limit: number): number {
  let count = 0;
  const stream = new Unzlib((chunk) => {
    count += chunk.length;
  });
  for (let offset = 0; offset < data.length; offset += slice) {
    stream.push(data.subarray(offset, offset + slice));
    if (count > limit) return count;
  }
  stream.push(new Uint8Array(0), true);
  return count;
}
