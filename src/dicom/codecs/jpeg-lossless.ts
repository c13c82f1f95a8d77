/**
 * @module
 * JPEG lossless (ITU-T T.81, process 14), any predictor.
 */
import { Decoder } from "jpeg-lossless-decoder-js";
import type { Size } from "../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import { readFrameHeader } from "./frame-header.ts";

const SOF3 = 0xc3;

/** @throws GlamError `dicom-unreadable` */
export function decodeJpegLossless(bytes: Uint8Array, size: Size): Uint8Array | Uint16Array {
  const { marker } = readFrameHeader(bytes, size);
  if (marker !== SOF3)
    throw unreadable("The JPEG stream in the pixel data is not lossless, as the transfer syntax says.");
  // The decoder reads on to the end of the buffer, so it gets one of its own.
  const { buffer } = bytes.slice();
  const decoder = new Decoder();
  let pixels: Uint8Array | Uint16Array | null;
  try {
    pixels = decoder.decode(buffer, 0, buffer.byteLength);
  } catch (cause) {
    throw unreadable("The JPEG stream in the pixel data is cut off or damaged.", cause);
  }
  // At a marker in the wrong place the decoder stops and leaves the rest 0.
  if (pixels === null || pixels.length !== size.height * size.width || decoder.yLoc < size.height) {
    throw unreadable("The JPEG stream in the pixel data ends before the image does.");
  }
  return pixels;
}
