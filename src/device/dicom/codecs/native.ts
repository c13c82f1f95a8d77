/**
 * @module
 * Uncompressed pixels.
 */
import { unreadable } from "../problems.ts";

/** Whether words lie in this machine's memory as they lie in most files. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * @param value the pixel data's value
 * @param swapped whether bytes are in the order of big-endian 16-bit words
 * @returns one element a pixel; a view of `value` where its bytes are the pixels
 * @throws GlamError `dicom-unreadable` when there are too few
 */
export function decodeNative(
  value: Uint8Array,
  pixels: number,
  bytesPerPixel: 1 | 2,
  swapped: boolean,
): Uint8Array | Uint16Array {
  if (value.length < pixels * bytesPerPixel) throw unreadable("The DICOM file has fewer pixels than Rows x Columns.");
  if (bytesPerPixel === 1 && !swapped) return value.subarray(0, pixels);
  const out = new Uint16Array(pixels);
  if (bytesPerPixel === 2 && !swapped && LITTLE_ENDIAN) {
    new Uint8Array(out.buffer).set(value.subarray(0, 2 * pixels));
    return out;
  }
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  // Bytes in big-endian words: the first pixel is the low byte (PS3.5 annex D of 2016).
  if (bytesPerPixel === 1) for (let i = 0; i < pixels; i++) out[i] = value[(i ^ 1) < value.length ? i ^ 1 : i];
  else for (let i = 0; i < pixels; i++) out[i] = view.getUint16(2 * i, !swapped);
  return out;
}
