/**
 * @module
 * Exif orientation: how to turn an image that is stored as the sensor saw it. Viewers turn it, so what is
 * judged and outlined is the turned image.
 */
import type { Size } from "../glam/spec.ts";

/** Exif tag 0x0112: 1 is upright, 2 to 4 mirrored or upside down, 5 to 8 lie on their side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const TAG = 0x0112;

/** Bytes of the integer types by their numbers: BYTE, SHORT and LONG, then the signed ones. */
const WIDTHS: Record<number, 1 | 2 | 4> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4 };

/**
 * The orientation that the first directory of an Exif block names; 1 where there is none or the block is damaged.
 * @param tiff the block from its byte order (`II` or `MM`) on
 */
export function readOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  if (tiff.length < 8 || tiff[0] !== tiff[1] || (!little && tiff[0] !== 0x4d) || view.getUint16(2, little) !== 42)
    return 1;
  const directory = view.getUint32(4, little);
  const entries = directory + 2 <= tiff.length ? view.getUint16(directory, little) : 0;
  for (let at = directory + 2; at < directory + 2 + 12 * entries && at + 12 <= tiff.length; at += 12) {
    if (view.getUint16(at, little) !== TAG) continue;
    const width = WIDTHS[view.getUint16(at + 2, little)];
    if (width === undefined) return 1;
    const value =
      width === 1 ? tiff[at + 8] : width === 2 ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    return isOrientation(value) ? value : 1;
  }
  return 1;
}

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

/** Height and width of the turned image. */
export const turnedSize = ({ height, width }: Size, orientation: Orientation): Size =>
  orientation < 5 ? { height, width } : { height: width, width: height };

/**
 * The image as viewers show it, as `exif_transpose` of Pillow does.
 * @param pixels `[height, width]` row-major
 * @returns the same image when the orientation is 1
 */
export function turned<T extends Size & { pixels: Uint8Array | Uint16Array }>(image: T, orientation: Orientation): T {
  if (orientation === 1) return image;
  const { height, width, pixels } = image;
  const size = turnedSize(image, orientation);
  const out = pixels instanceof Uint8Array ? new Uint8Array(pixels.length) : new Uint16Array(pixels.length);
  const rowsBack = [3, 4, 6, 7].includes(orientation);
  const columnsBack = [2, 3, 7, 8].includes(orientation);
  // A step down a row and along a column of the source, then of the result.
  const [row, column] = [rowsBack ? -width : width, columnsBack ? -1 : 1];
  const [down, along] = orientation < 5 ? [row, column] : [column, row];
  const start = (rowsBack ? (height - 1) * width : 0) + (columnsBack ? width - 1 : 0);
  for (let y = 0, i = 0; y < size.height; y++) {
    for (let x = 0, from = start + y * down; x < size.width; x++, from += along) out[i++] = pixels[from];
  }
  return { ...image, ...size, pixels: out };
}
