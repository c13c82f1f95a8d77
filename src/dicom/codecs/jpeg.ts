/**
 * @module
 * JPEG baseline and extended (ITU-T T.81, processes 1, 2 and 4), by the reader of tiles.
 */
import type { Size } from "../../glam/spec.ts";
import { decodeJpeg } from "../../tiles/jpeg/decode-jpeg.ts";
import { notSupported, unreadable } from "../problems.ts";
import { readFrameHeader } from "./frame-header.ts";

/** @throws GlamError `dicom-unreadable`; `dicom-not-supported` for 12 bits, which no decoder here reads */
export function decodeLossyJpeg(bytes: Uint8Array, size: Size): Uint8Array | Uint16Array {
  const { precision } = readFrameHeader(bytes, size);
  if (precision !== 8) {
    throw notSupported(
      `The image is a lossy JPEG of ${precision} bits, which is not read. Convert the file with "dcmdjpeg" of dcmtk.`,
    );
  }
  try {
    return decodeJpeg(bytes, size, "pixel data").pixels;
  } catch (cause) {
    throw unreadable("The JPEG stream in the pixel data is cut off, damaged or not grey.", cause);
  }
}
