/**
 * @module
 * JPEG baseline and extended (ITU-T T.81, processes 1, 2 and 4): 8 bits by the reader of tiles, 12 bits by `jpeg-12-bit.ts`.
 */

import { decodeGrey } from "../../../codecs/jpeg/decode-jpeg.ts";
import { readJpeg } from "../../../codecs/jpeg/read-jpeg.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { Size } from "../../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import type { Decoded } from "./decoded.ts";
import { readFrameHeader } from "./frame-header.ts";
import { decode12BitJpeg } from "./jpeg-12-bit.ts";

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export function decodeLossyJpeg(bytes: Uint8Array, size: Size): Decoded {
  const { precision } = readFrameHeader(bytes, size);
  if (precision === 12) return { samples: decode12BitJpeg(bytes, size), precision, signed: false };
  try {
    // Exif in the stream is ignored: the DICOM header gives the orientation.
    const jpeg = readJpeg(bytes, undefined, (frame) => {
      if (frame.height !== size.height)
        throw unreadable("The JPEG stream has another height than the DICOM header says.");
      if (frame.precision !== 8) throw unreadable("The JPEG stream has neither 8 nor 12 bits a sample.");
    });
    return { samples: decodeGrey(jpeg, undefined), precision: 8, signed: false };
  } catch (cause) {
    if (cause instanceof GlamError && cause.code.startsWith("dicom")) throw cause;
    throw unreadable("The JPEG stream in the pixel data is cut off, damaged or not grey.", cause);
  }
}
