/**
 * @module
 * The frame header of a JPEG or JPEG-LS stream, so that no decoder allocates for a size that the DICOM header does not state.
 */
import type { Size } from "../../../glam/spec.ts";
import { notSupported, unreadable } from "../problems.ts";

/** What a frame header says; `marker` is the second byte of SOFn. A height of 0 is told behind the first scan (DNL). */
export type FrameHeader = Size & { marker: number; precision: number };

const SOI = 0xd8;
const SOS = 0xda;
const SOF55 = 0xf7;

/** SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55. */
const isFrame = (marker: number): boolean =>
  marker === SOF55 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);

/**
 * Reads up to the frame header and compares it with the image.
 * @throws GlamError `dicom-unreadable`
 */
export function readFrameHeader(bytes: Uint8Array, expected: Size): FrameHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw unreadable("The pixel data are no JPEG stream.");
  let position = 2;
  while (position + 4 <= bytes.length) {
    if (bytes[position] !== 0xff) break;
    const marker = bytes[position + 1];
    if (marker === 0xff) {
      position++;
      continue;
    }
    const length = (bytes[position + 2] << 8) | bytes[position + 3];
    const end = position + 2 + length;
    if (marker === SOS || length < 2 || end > bytes.length) break;
    if (isFrame(marker)) return checkFrame(marker, bytes.subarray(position + 4, end), expected);
    position = end;
  }
  throw unreadable("The JPEG stream in the pixel data has no frame header.");
}

function checkFrame(marker: number, payload: Uint8Array, expected: Size): FrameHeader {
  if (payload.length < 6) throw unreadable("The JPEG frame header in the pixel data is damaged.");
  const [precision, high, low, left, right, components] = payload;
  const [height, width] = [(high << 8) | low, (left << 8) | right];
  const told = height === 0 && marker !== SOF55 ? expected.height : height;
  if (told !== expected.height || width !== expected.width) {
    throw unreadable(
      `The compressed image is ${height} x ${width} pixels, the DICOM header says ${expected.height} x ${expected.width}.`,
    );
  }
  if (components !== 1) throw notSupported("The compressed image has colour components; grey images have one.");
  if (precision < 2 || precision > 16) throw unreadable("The JPEG frame header in the pixel data is damaged.");
  return { marker, precision, height, width };
}
