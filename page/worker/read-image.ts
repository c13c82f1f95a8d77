/**
 * @module
 * A file's bytes to grey pixels; what the file is, its first bytes say.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { View } from "../../src/phantom/index.ts";
import type { GreyImage } from "../../src/preprocess/index.ts";
import { decodeJpegFile } from "../../tools/images/jpeg.ts";
import { decodePgmFile } from "../../tools/images/pgm.ts";
import { decodePngFile } from "../../tools/images/png.ts";
import type { SourceInfo } from "./protocol.ts";

/** Pixels, and what the file says of itself. */
export type ReadImage = {
  image: GreyImage;
  format: SourceInfo["format"];
  view?: View;
  pixelSpacing?: number;
  notes: string[];
};

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** @throws GlamError `image-unreadable` */
export async function readImage(bytes: Uint8Array): Promise<ReadImage> {
  try {
    if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return { image: decodePngFile(bytes), format: "png", notes: [] };
    if (startsWith(bytes, [0xff, 0xd8, 0xff])) return { image: decodeJpegFile(bytes), format: "jpeg", notes: [] };
    if (startsWith(bytes, [0x50, 0x35])) return { image: decodePgmFile(bytes), format: "pgm", notes: [] };
  } catch (cause) {
    if (cause instanceof GlamError && cause.code === "image-unreadable") throw cause;
    throw new GlamError("image-unreadable", "The image file is truncated or damaged.", { cause });
  }
  throw new GlamError("image-unreadable", "The file is no PNG, no JPEG and no DICOM image.");
}
