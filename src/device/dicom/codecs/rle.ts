/**
 * @module
 * RLE (PS3.5 annex G): one segment a byte of a pixel, the most significant first, each packed as PackBits.
 */
import { unreadable } from "../problems.ts";

const HEADER_BYTES = 64;

/**
 * @param bytes the frame
 * @param pixels how many pixels the frame has
 * @param bytesPerPixel 1 or 2
 * @returns words, one a pixel
 * @throws GlamError `dicom-unreadable`
 */
export function decodeRle(bytes: Uint8Array, pixels: number, bytesPerPixel: 1 | 2): Uint16Array {
  if (bytes.length < HEADER_BYTES) throw unreadable("The RLE pixel data are cut off.");
  // Two bytes hold 128 at most.
  if (64 * bytes.length < pixels * bytesPerPixel) throw unreadable("The RLE pixel data end before the image does.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== bytesPerPixel)
    throw unreadable("The RLE pixel data have a wrong number of segments.");
  const out = new Uint16Array(pixels);
  for (let segment = 0; segment < bytesPerPixel; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < bytesPerPixel ? view.getUint32(8 + 4 * segment, true) : bytes.length;
    if (start < HEADER_BYTES || end > bytes.length || start > end) throw unreadable("The RLE header is damaged.");
    unpackBits(bytes.subarray(start, end), out, 8 * (bytesPerPixel - 1 - segment));
  }
  return out;
}

/** Sets the byte at bit `shift` of every word. */
function unpackBits(packed: Uint8Array, out: Uint16Array, shift: number): void {
  let [from, to] = [0, 0];
  while (to < out.length) {
    if (from >= packed.length) throw unreadable("The RLE pixel data end before the image does.");
    const control = packed[from++];
    if (control === 128) continue;
    const repeated = control > 128;
    const count = Math.min(repeated ? 257 - control : control + 1, out.length - to);
    if (from + (repeated ? 1 : count) > packed.length) throw unreadable("The RLE pixel data are cut off.");
    for (let k = 0; k < count; k++) out[to++] |= packed[repeated ? from : from + k] << shift;
    from += repeated ? 1 : control + 1;
  }
}
