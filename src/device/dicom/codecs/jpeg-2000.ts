/**
 * @module
 * JPEG 2000 (ITU-T T.800), lossless and lossy.
 */
import openjpeg from "@cornerstonejs/codec-openjpeg/decode";
import type { Size } from "../../../glam/spec.ts";
import { notSupported, unreadable } from "../problems.ts";
import type { Decoded } from "./decoded.ts";
import { decodeFrame, silent } from "./emscripten-decoder.ts";

/** `jP` and two spaces; `jp2c`. */
const SIGNATURE_BOX = 0x6a502020;
const CODESTREAM_BOX = 0x6a703263;

/** Where the codestream says the sign and precision of its only component. */
const SIGN = 42;

const SOC_SIZ = 0xff4fff51;

/** Tiles of a codestream; encoders of mammograms make one, or some dozens. */
const MAX_TILES = 4096;

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export async function decodeJpeg2000(bytes: Uint8Array, size: Size): Promise<Decoded> {
  const stream = codestream(bytes);
  const header = readSize(stream, size);
  const { J2KDecoder } = await openjpeg(silent());
  const bytewise = header.signed && header.precision <= 8;
  const samples = decodeFrame(new J2KDecoder(), bytewise ? asUnsigned(stream) : stream, size);
  if (bytewise) for (let i = 0; i < samples.length; i++) samples[i] -= 2 ** (header.precision - 1);
  return { samples, ...header };
}

/**
 * The stream with its samples called unsigned: the same values, 2^(precision - 1) higher (T.800 annex G). The decoder makes 0 of
 * negative bytes.
 */
function asUnsigned(stream: Uint8Array): Uint8Array {
  const out = stream.slice();
  out[SIGN] &= 127;
  return out;
}

/**
 * The codestream of a JP2 file (T.800 annex I), or the bytes as they are. DICOM wants the codestream alone.
 * @throws GlamError `dicom-unreadable`
 */
function codestream(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 12 || view.getUint32(4) !== SIGNATURE_BOX) return bytes;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = view.getUint32(at + 4);
    const extended = view.getUint32(at) === 1 && at + 16 <= bytes.length;
    // A length of 0 says "up to the end"; the upper half of an extended one is 0 in anything that fits into memory.
    const length = extended ? view.getUint32(at + 12) : view.getUint32(at) || bytes.length - at;
    const start = at + (extended ? 16 : 8);
    if (at + length < start) break;
    if (type === CODESTREAM_BOX) return bytes.subarray(start, at + length);
    at += length;
  }
  throw unreadable("The pixel data are a JP2 file without a codestream.");
}

/** Compares the SIZ segment (T.800 A.5.1) with the image, before the decoder allocates for it. */
function readSize(bytes: Uint8Array, expected: Size): Pick<Decoded, "precision" | "signed"> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 43 || view.getUint32(0) !== SOC_SIZ)
    throw unreadable("The pixel data are no JPEG 2000 codestream.");
  const [x1, y1, x0, y0, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((at) => view.getUint32(at));
  if (x1 - x0 !== expected.width || y1 - y0 !== expected.height) {
    throw unreadable("The compressed image has another size than the DICOM header says.");
  }
  if (view.getUint16(40) !== 1) throw notSupported("The compressed image has colour components; grey images have one.");
  const tiles = Math.ceil(x1 / tileWidth) * Math.ceil(y1 / tileHeight);
  if (!(tiles <= MAX_TILES)) throw notSupported(`The JPEG 2000 image has more than ${MAX_TILES} tiles.`);
  const precision = (bytes[SIGN] & 127) + 1;
  if (precision > 16) throw notSupported(`The JPEG 2000 image has ${precision} bits a sample; 16 at most are read.`);
  return { precision, signed: bytes[SIGN] > 127 };
}
