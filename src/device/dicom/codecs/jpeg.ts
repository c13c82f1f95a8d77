/**
 * @module
 * JPEG baseline and extended (ITU-T T.81, processes 1, 2 and 4): 8 bits by the reader of tiles, 12 bits by our own.
 */

import { decodeJpeg } from "../../../codecs/jpeg/decode-jpeg.ts";
import type { Size } from "../../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import { readFrameHeader } from "./frame-header.ts";
import { decode12BitJpeg } from "./jpeg-12-bit.ts";

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export function decodeLossyJpeg(bytes: Uint8Array, size: Size): Uint8Array | Uint16Array {
  if (readFrameHeader(bytes, size).precision === 12) return decode12BitJpeg(bytes, size);
  try {
    return decodeJpeg(bytes, size, "pixel data").pixels;
  } catch (cause) {
    throw unreadable("The JPEG stream in the pixel data is cut off, damaged or not grey.", cause);
  }
}
