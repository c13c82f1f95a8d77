/**
 * @module
 * Grey image files from the disk of the command line.
 */
import { open } from "node:fs/promises";
import { GlamError } from "../src/glam/problem.ts";
import { decodeGreyImage } from "../src/images/index.ts";
import { unreadable } from "../src/images/unreadable.ts";
import type { GreyImage } from "../src/preprocess/index.ts";

/** Largest file: 120 megapixels of 16 bits, stored uncompressed, and some room. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Reads one grey image file as `decodeGreyImage` does.
 * @throws GlamError `image-unreadable`
 * @example const image = await readGreyImage("mdb028.png");
 */
export async function readGreyImage(path: string): Promise<GreyImage> {
  return decodeGreyImage(await readBytes(path));
}

/** The bytes of a file; the size is checked on the open file. @throws GlamError `image-unreadable` */
export async function readBytes(path: string): Promise<Uint8Array> {
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
