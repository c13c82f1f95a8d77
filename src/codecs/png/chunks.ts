/**
 * @module
 * The chunks of a PNG file (PNG specification, section 5), walked without inflating anything.
 */
import { damaged, type Place } from "../header-checks.ts";

/** One chunk; `start` and `end` span length, type, data and CRC in the file. */
export type Chunk = { type: string; data: Uint8Array; start: number; end: number };

/**
 * Yields the chunks up to and including IEND; there may be as many as there are bytes for, so a reader keeps none of them. What
 * follows IEND is not looked at.
 * @throws GlamError `tile-damaged` when a chunk reaches past the end or IEND is missing
 */
export function* chunks(bytes: Uint8Array, at: Place): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 8;
  while (offset + 12 <= bytes.length) {
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

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 (section 5.5). @param bytes type and data of a chunk */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]) & 255];
  return (crc ^ 0xffffffff) >>> 0;
}

/** Whether a chunk's checksum is right. */
export const isSound = (bytes: Uint8Array, { start, end }: Chunk): boolean =>
  checksum(bytes.subarray(start + 4, end - 4)) ===
  new DataView(bytes.buffer, bytes.byteOffset + end - 4, 4).getUint32(0);
