/**
 * @module
 * JPEG 2000 (ITU-T T.800), lossless and lossy.
 */
import openjpeg from "@cornerstonejs/codec-openjpeg/decode";
import type { Size } from "../../../glam/spec.ts";
import { notSupported, unreadable } from "../problems.ts";
import { decodeFrame, silent } from "./emscripten-decoder.ts";

const SOC_SIZ = 0xff4fff51;

/** Tiles of a codestream; encoders of mammograms make one, or some dozens. */
const MAX_TILES = 4096;

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export async function decodeJpeg2000(bytes: Uint8Array, size: Size): Promise<Uint8Array | Uint16Array> {
  checkSize(bytes, size);
  const { J2KDecoder } = await openjpeg(silent());
  return decodeFrame(new J2KDecoder(), bytes, size);
}

/** Compares the SIZ segment (T.800 A.5.1) with the image, before the decoder allocates for it. */
function checkSize(bytes: Uint8Array, expected: Size): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 42 || view.getUint32(0) !== SOC_SIZ)
    throw unreadable("The pixel data are no JPEG 2000 codestream.");
  const [x1, y1, x0, y0, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((at) => view.getUint32(at));
  if (x1 - x0 !== expected.width || y1 - y0 !== expected.height) {
    throw unreadable("The compressed image has another size than the DICOM header says.");
  }
  if (view.getUint16(40) !== 1) throw notSupported("The compressed image has colour components; grey images have one.");
  const tiles = Math.ceil(x1 / tileWidth) * Math.ceil(y1 / tileHeight);
  if (!(tiles <= MAX_TILES)) throw notSupported(`The JPEG 2000 image has more than ${MAX_TILES} tiles.`);
}
