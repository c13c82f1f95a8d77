/**
 * @module
 * Tiles for tests: the JPEG files of `fixtures/tiles/`, and PNG files made on the spot, damaged on purpose where a test asks.
 */
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { encode, type ImageData } from "fast-png";
import { GlamError } from "../../src/glam/problem.ts";

/** Height and width of every file in `fixtures/tiles/`. */
export const tileSize = { height: 37, width: 45 };

/** Bytes of one file of `fixtures/tiles/`. */
export const tileFile = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/tiles/${name}`, import.meta.url)));

/** What djpeg makes of grey.jpg, `[37, 45]`. */
export const greyReference = (): Uint8Array => tileFile("grey.pgm").subarray(-tileSize.height * tileSize.width);

/** One PNG chunk with its length and CRC. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Uint8Array.from([...Buffer.from(type, "latin1"), ...data]);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}

/** Signature, IHDR, the given chunks, IEND. `interlace` 1 is Adam7. */
export function pngFile(
  header: { height: number; width: number; bits: number; colourType?: number; interlace?: number },
  chunks: readonly Uint8Array[],
): Uint8Array {
  const ihdr = new Uint8Array(13);
  const view = new DataView(ihdr.buffer);
  view.setUint32(0, header.width);
  view.setUint32(4, header.height);
  ihdr.set([header.bits, header.colourType ?? 0, 0, 0, header.interlace ?? 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [signature, pngChunk("IHDR", ihdr), ...chunks, pngChunk("IEND", new Uint8Array(0))];
  return new Uint8Array(Buffer.concat(parts));
}

/** A PNG by fast-png. */
export const png = (image: ImageData): Uint8Array => new Uint8Array(encode(image));

/** Changes a copy of some bytes: `patch(bytes, { 7: 0xff })`. */
export function patch(bytes: Uint8Array, changes: Record<number, number>): Uint8Array {
  const copy = bytes.slice();
  for (const [index, value] of Object.entries(changes)) copy[Number(index)] = value;
  return copy;
}

/** Code of the GlamError that a call throws; any other error goes on, no error is `undefined`. */
export function problemOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof GlamError) return error.code;
    throw error;
  }
}
