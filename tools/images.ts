/**
 * @module
 * Grey image files for the command line: PNG, JPEG and PGM.
 */
import { open } from "node:fs/promises";
import { GlamError } from "../src/glam/problem.ts";
import type { GreyImage } from "../src/preprocess/index.ts";
import { decodeJpegFile } from "./images/jpeg.ts";
import { decodePgmFile } from "./images/pgm.ts";
import { decodePngFile } from "./images/png.ts";
import { unreadable } from "./images/unreadable.ts";

/** Largest file: 120 megapixels of 16 bits, stored uncompressed, and some room. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Reads one grey image file; what it is, its first bytes say. Colour files are read when every pixel is grey, alpha is
 * dropped when it is opaque everywhere.
 * @throws GlamError `image-unreadable`
 * @example const image = await readGreyImage("mdb028.png");
 */
export async function readGreyImage(path: string): Promise<GreyImage> {
  return decodeGreyImage(await readBytes(path));
}

/** As {@link readGreyImage}, for bytes. @throws GlamError `image-unreadable` */
export function decodeGreyImage(bytes: Uint8Array): GreyImage {
  try {
    if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return decodePngFile(bytes);
    if (startsWith(bytes, [0xff, 0xd8, 0xff])) return decodeJpegFile(bytes);
    if (startsWith(bytes, [0x50, 0x35])) return decodePgmFile(bytes);
  } catch (cause) {
    if (cause instanceof GlamError && cause.code === "image-unreadable") throw cause;
    throw unreadable("The image file is truncated or damaged.", cause);
  }
  throw unreadable("The file is no PNG, no JPEG and no binary PGM (P5); DICOM files must be exported first.");
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** The file's bytes; the size is checked on the open file. */
async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) throw unreadable(`The image file has ${size} bytes; ${MAX_BYTES} at most are read.`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof GlamError) throw cause;
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw unreadable(`The image file cannot be opened${code}.`, cause);
  }
}
