/**
 * @module
 * Grey image files: PNG, JPEG and PGM. Runs in browsers, workerd and Node.
 */
import { GlamError } from "../../glam/problem.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { decodeJpegFile } from "./jpeg.ts";
import { decodePgmFile } from "./pgm.ts";
import { decodePngFile } from "./png.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Decodes one grey image file; its first bytes tell its kind. Colour files are read if every pixel is grey, alpha is
 * dropped if it is opaque everywhere. An image whose Exif orientation says how to turn it is turned, as viewers do: rows and
 * columns of the result, and of all that is mapped back to it, are those of the image as it is shown.
 * @throws GlamError `image-unreadable`
 * @example const image = decodeGreyImage(new Uint8Array(await file.arrayBuffer()));
 */
export function decodeGreyImage(bytes: Uint8Array): GreyImage {
  const [, , decode] = kindOf(bytes) ?? [];
  try {
    if (decode !== undefined) return decode(bytes);
  } catch (cause) {
    if (!(cause instanceof GlamError)) throw unreadable("The image file is truncated or damaged.", cause);
    if (cause.code === "image-unreadable") throw cause;
    const damaged = cause.code === "tile-damaged";
    throw unreadable(damaged ? `The image file is truncated or damaged. ${cause.message}` : cause.message, cause);
  }
  throw unreadable("The file is no PNG, no JPEG and no binary PGM (P5). DICOM files are read by glam-edge/dicom.");
}

/** Kinds of files by their first bytes. */
const kinds: [name: "png" | "jpeg" | "pgm", start: readonly number[], decode: (bytes: Uint8Array) => GreyImage][] = [
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], decodePngFile],
  ["jpeg", [0xff, 0xd8, 0xff], decodeJpegFile],
  ["pgm", [0x50, 0x35], decodePgmFile],
];

const kindOf = (bytes: Uint8Array) => kinds.find(([, start]) => start.every((byte, i) => bytes[i] === byte));

/** Whether the first bytes are those of a file that {@link decodeGreyImage} reads; it may be damaged. */
export const isImageFile = (bytes: Uint8Array): boolean => kindOf(bytes) !== undefined;
