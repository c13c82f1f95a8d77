/**
 * @module
 * Grey PNG row by row: what is not compressed yet is a few rows, never the image. The runtime's own compressor is used: the
 * stream of fflate 0.8.3 refers to bytes before the first one when an image begins with zeros.
 */
import type { Size } from "../../glam/spec.ts";

/** Rows are handed to the compressor in pieces of this size. */
const PIECE = 128 * 1024;

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of a chunk's type and data (PNG specification, section 5.5). */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

/** Joins pieces to one chunk. */
function chunk(type: string, pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  bytes.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  view.setUint32(at, crc32(bytes.subarray(4, at)));
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

/** Compresses pieces as they come, in the zlib format. */
async function compress(pieces: Iterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array[]> {
  const { writable, readable } = new CompressionStream("deflate");
  const writer = writable.getWriter();
  const write = async () => {
    for (const piece of pieces) await writer.write(piece);
    await writer.close();
  };
  const compressed: Uint8Array[] = [];
  const read = async () => {
    const reader = readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) compressed.push(next.value);
  };
  await Promise.all([write(), read()]);
  return compressed;
}

/**
 * @param fillRow writes the grey levels of row `y` into `out`, `[width]`
 * @returns the file in chunks, the first of them with the signature
 */
export async function encodeGreyPng(size: Size, fillRow: (y: number, out: Uint8Array) => void): Promise<Uint8Array[]> {
  const { height, width } = size;
  const rows = Math.max(1, Math.floor(PIECE / (width + 1)));
  function* pieces(): Generator<Uint8Array<ArrayBuffer>> {
    for (let top = 0; top < height; top += rows) {
      const bottom = Math.min(height, top + rows);
      // Each row begins with its filter, none.
      const piece = new Uint8Array((bottom - top) * (width + 1));
      for (let y = top; y < bottom; y++) {
        const at = (y - top) * (width + 1) + 1;
        fillRow(y, piece.subarray(at, at + width));
      }
      yield piece;
    }
  }
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return [signature, chunk("IHDR", [header(size)]), chunk("IDAT", await compress(pieces())), chunk("IEND", [])];
}
