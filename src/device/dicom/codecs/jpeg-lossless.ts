/**
 * @module
 * JPEG lossless (ITU-T T.81, process 14 and annex H), any predictor. jpeg-lossless-decoder-js loses the last pixel of some
 * images and does not notice when a stream is cut off.
 */
import type { Size } from "../../../glam/spec.ts";
import { unreadable } from "../problems.ts";
import { createBitReader } from "./bit-reader.ts";
import type { Decoded } from "./decoded.ts";
import { type JpegScan, readJpegScan } from "./jpeg-scan.ts";

const SOF3 = 0xc3;

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export function decodeJpegLossless(bytes: Uint8Array, size: Size): Decoded {
  const scan = readJpegScan(bytes, size);
  if (scan.frame !== SOF3) throw unreadable("The JPEG stream in the pixel data is not lossless, as its syntax says.");
  const [predictor, , approximation] = scan.spectral;
  const shift = approximation & 15;
  if (predictor < 1 || predictor > 7 || shift >= scan.precision) throw unreadable("The JPEG scan header is damaged.");
  // No pixel takes less than a bit.
  if (8 * bytes.length < size.height * size.width) throw unreadable("The JPEG stream ends before the image does.");
  const pixels = new Uint16Array(size.height * size.width);
  const rows = rowsBetweenRestarts(scan);
  for (let top = 0, k = 0; top < size.height; top += rows, k++) {
    decodeRows(pixels, scan, scan.intervals[k], { top, bottom: Math.min(size.height, top + rows), predictor, shift });
  }
  if (shift > 0) for (let i = 0; i < pixels.length; i++) pixels[i] <<= shift;
  return { samples: pixels, precision: scan.precision, signed: false };
}

/** Restarts of lossless streams stand between rows (T.81 H.1.1). */
function rowsBetweenRestarts({ restartInterval, width, height }: JpegScan): number {
  if (restartInterval === 0) return height;
  if (restartInterval % width !== 0) throw unreadable("The JPEG stream's restart interval is damaged.");
  return restartInterval / width;
}

type Rows = { top: number; bottom: number; predictor: number; shift: number };

function decodeRows(pixels: Uint16Array, scan: JpegScan, interval: Uint8Array, rows: Rows): void {
  const { width, precision, dc } = scan;
  const bits = createBitReader(interval);
  // Differences count modulo 2^16 (T.81 H.1.2.1), and of some encoders modulo the stream's own range.
  const mask = 2 ** (precision - rows.shift) - 1;
  for (let y = rows.top; y < rows.bottom; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      let guess: number;
      if (y === rows.top) guess = x === 0 ? 2 ** (precision - rows.shift - 1) : pixels[i - 1];
      else if (x === 0) guess = pixels[i - width];
      else guess = predict(rows.predictor, pixels[i - 1], pixels[i - width], pixels[i - width - 1]);
      const category = bits.symbol(dc);
      if (category > 16) throw unreadable("The JPEG stream is damaged: there is no such difference.");
      pixels[i] = (guess + bits.difference(category)) & mask;
    }
  }
}

/** From the pixels at the left, above, and left above (T.81 table H.1). */
function predict(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}
