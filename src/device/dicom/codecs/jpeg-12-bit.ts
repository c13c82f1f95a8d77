/**
 * @module
 * JPEG extended sequential with 12 bits (ITU-T T.81, process 4): the lossy JPEG of mammograms, which neither browsers nor
 * jpeg-js read.
 */
import { zigzag } from "../../../codecs/jpeg/zigzag.ts";
import type { Size } from "../../../glam/spec.ts";
import { notSupported, unreadable } from "../problems.ts";
import { type BitReader, createBitReader } from "./bit-reader.ts";
import { type JpegScan, readJpegScan } from "./jpeg-scan.ts";

const SOF1 = 0xc1;
const TOP = 4095;

/** `COSINES[x * 8 + u]` = C(u) / 2 * cos((2x + 1) u pi / 16). */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i & 7;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * (i >> 3) + 1) * u * Math.PI) / 16);
});

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` for progressive and arithmetic streams */
export function decode12BitJpeg(bytes: Uint8Array, size: Size): Uint16Array {
  const scan = readJpegScan(bytes, size);
  const { ac, quantisation, restartInterval, height, width, intervals } = scan;
  if (scan.frame !== SOF1) throw notSupported("The JPEG stream has 12 bits and is not sequential with Huffman codes.");
  if (ac === undefined || quantisation === undefined) throw unreadable("The JPEG stream lacks a table.");
  const columns = Math.ceil(width / 8);
  const blocks = columns * Math.ceil(height / 8);
  const step = restartInterval === 0 ? blocks : restartInterval;
  // No block takes less than two bits.
  if (4 * bytes.length < blocks) throw unreadable("The JPEG stream ends before the image does.");
  const pixels = new Uint16Array(height * width);
  const block = new Float64Array(64);
  for (let index = 0; index < blocks; ) {
    const bits = createBitReader(intervals[index / step]);
    let previous = 0;
    for (const end = Math.min(blocks, index + step); index < end; index++) {
      previous = decodeBlock(bits, scan.dc, ac, previous, block);
      for (let i = 0; i < 64; i++) block[i] *= quantisation[i];
      transform(block);
      paste(block, pixels, size, 8 * Math.floor(index / columns), 8 * (index % columns));
    }
  }
  return pixels;
}

/** One block's levels, row-major (T.81 F.2.2). @returns its DC level */
function decodeBlock(
  bits: BitReader,
  dc: JpegScan["dc"],
  ac: JpegScan["dc"],
  previous: number,
  block: Float64Array,
): number {
  block.fill(0);
  block[0] = previous + bits.difference(category(bits.symbol(dc)));
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    if (size === 0 && symbol !== 0xf0) break;
    k += symbol >> 4;
    if (k > 63) throw unreadable("The JPEG stream is damaged: a block has too many coefficients.");
    block[zigzag[k]] = bits.difference(size);
  }
  return block[0];
}

function category(symbol: number): number {
  if (symbol > 15) throw unreadable("The JPEG stream is damaged: there is no such difference.");
  return symbol;
}

/** Inverse DCT in place, rows then columns (T.81 A.3.3). */
function transform(block: Float64Array): void {
  const line = new Float64Array(8);
  for (const [start, step] of [
    [8, 1],
    [1, 8],
  ]) {
    for (let n = 0; n < 8; n++) {
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let u = 0; u < 8; u++) sum += COSINES[x * 8 + u] * block[n * start + u * step];
        line[x] = sum;
      }
      for (let x = 0; x < 8; x++) block[n * start + x * step] = line[x];
    }
  }
}

/** Level shift and clamp; what lies beyond the image is cut off. */
function paste(block: Float64Array, pixels: Uint16Array, { height, width }: Size, top: number, left: number): void {
  for (let y = top; y < Math.min(height, top + 8); y++) {
    for (let x = left; x < Math.min(width, left + 8); x++) {
      const value = Math.round(block[8 * (y - top) + x - left]) + (TOP + 1) / 2;
      pixels[y * width + x] = Math.min(TOP, Math.max(0, value));
    }
  }
}
