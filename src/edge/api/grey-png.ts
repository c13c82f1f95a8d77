/**
 * @module
 * Grey PNG row by row. Rows of a map repeat, and along a row a level does: runs are all that is compressed, and never is more
 * than two rows uncompressed.
 */
import { checksum } from "../../codecs/png/chunks.ts";
import type { Size } from "../../glam/spec.ts";
import { deflateRuns } from "./deflate-runs.ts";

/** A chunk: length, type, data, checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, checksum(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function header({ height, width }: Size): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits, grey, deflate, the one set of filters, not interlaced.
  bytes.set([8, 0, 0, 0, 0], 8);
  return bytes;
}

/** Grey levels of an image, a row at a time. */
export type GreyRows = Size & {
  /** @param out gets the levels of row `y`, `[width]` */
  fillRow(y: number, out: Uint8Array): void;
  /** Whether row `y` is known to equal the one above it. */
  repeats(y: number): boolean;
};

/** What the filter "up" leaves of a row: the difference from the row above (PNG specification, section 9.2). */
const UP = 2;

/**
 * @param difference gets that of a row from the one above
 * @returns whether neighbours differ less often in it than in the row
 */
function hasFewerRuns(row: Uint8Array, above: Uint8Array, difference: Uint8Array): boolean {
  let fewer = 0;
  let [last, lastDifference] = [row[0], (row[0] - above[0]) & 255];
  difference[0] = lastDifference;
  for (let x = 1; x < row.length; x++) {
    const value = row[x];
    const apart = (value - above[x]) & 255;
    if (value !== last) fewer++;
    if (apart !== lastDifference) fewer--;
    difference[x] = apart;
    last = value;
    lastDifference = apart;
  }
  return fewer > 0;
}

/**
 * Each row is written as it is, or as its difference from the row above, whichever has fewer runs.
 * @returns the file in chunks, the first of them with the signature
 */
export function encodeGreyPng({ height, width, fillRow, repeats }: GreyRows): Uint8Array[] {
  const deflater = deflateRuns();
  let row = new Uint8Array(width);
  let above = new Uint8Array(width);
  const difference = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    if (y > 0 && repeats(y)) {
      deflater.run(UP, 1);
      deflater.run(0, width);
      continue;
    }
    [row, above] = [above, row];
    fillRow(y, row);
    const up = y > 0 && hasFewerRuns(row, above, difference);
    deflater.run(up ? UP : 0, 1);
    deflater.bytes(up ? difference : row);
  }
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const size = { height, width };
  return [signature, chunk("IHDR", header(size)), chunk("IDAT", deflater.finish()), chunk("IEND", new Uint8Array())];
}
