/**
 * @module
 * JPEG-LS (ITU-T T.87), lossless and near-lossless.
 */
import charls from "@cornerstonejs/codec-charls/decode";
import type { Size } from "../../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import type { Decoded } from "./decoded.ts";
import { decodeFrame, silent } from "./emscripten-decoder.ts";
import { readFrameHeader } from "./frame-header.ts";

const SOF55 = 0xf7;

/** @throws GlamError `dicom-unreadable` */
export async function decodeJpegLs(bytes: Uint8Array, size: Size): Promise<Decoded> {
  const { marker, precision } = readFrameHeader(bytes, size);
  if (marker !== SOF55) throw unreadable("The pixel data are no JPEG-LS stream.");
  // A module of its own for each image: what a damaged stream leaves in its memory is gone with it.
  const { JpegLSDecoder } = await charls(silent());
  return { samples: decodeFrame(new JpegLSDecoder(), bytes, size), precision, signed: false };
}
