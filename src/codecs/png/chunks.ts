/**
 * @module
 * The chunks of a PNG file (PNG specification, section 5), walked without inflating anything.
 */
import { damaged } from "../header-checks.ts";

/** One chunk; `start` and `end` span length, type, data and CRC in the file. */
export type Chunk = { type: string; data: Uint8Array; start: number; end: number };

/** A PNG of the size of a tile needs no more; image data usually come in chunks of 8 to 64 KiB. */
const maxChunks = 8192;

/**
 * Yields the chunks up to and including IEND. What follows IEND is not looked at.
 * @throws GlamError `tile-damaged` when a chunk reaches past the end, there are too many, or IEND is missing
 */
export function* chunks(bytes: Uint8Array, at: string): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 8;
  for (let count = 0; offset + 12 <= bytes.length; count++) {
    if (count === maxChunks) throw damaged(at, `The PNG has more than ${maxChunks} chunks.`);
    const length = view.getUint32(offset);
    const start = offset;
    const end = offset + 12 + length;
    if (end > bytes.length) throw damaged(at, "The PNG ends inside a chunk.");
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged(at, "There is no PNG chunk where one must be.");
    yield { type, data: bytes.subarray(offset + 8, end - 4), start, end };
    if (type === "IEND") return;
    offset = end;
  }
  throw damaged(at, "The PNG has no end chunk.");
}

/** Whether decoders may leave a chunk out: bit 5 of its first byte (section 5.4). */
export const isAncillary = (chunk: Chunk): boolean => chunk.type[0] === chunk.type[0].toLowerCase();
