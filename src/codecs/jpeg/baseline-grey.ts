/**
 * @module
 * The usual tile, faster than by jpeg-js: a baseline JPEG of one component, one scan, no restarts. Everything else, and every
 * irregularity, is left to jpeg-js, which then says what is wrong with it.
 */
import { type HuffmanCodes, readHuffmanCodes } from "./huffman-codes.ts";
import { inverseTransform, levelOfMean } from "./inverse-transform.ts";
import type { Jpeg } from "./read-jpeg.ts";
import { marker } from "./segments.ts";
import { zigzag } from "./zigzag.ts";

/** What a scan is decoded with. */
type Tables = { quantiser: Int32Array; dc: Uint16Array; ac: Uint16Array; data: Uint8Array };

/** Zeros behind the coded data, so that no look ahead leaves the array. */
const PADDING = 8;

/** Bits that most coefficients take at most, the code included. */
const SHORT = 10;

/** The most bits of a mean's difference (T.81, table F.1). */
const MOST_DC_BITS = 11;

/**
 * @returns the pixels that jpeg-js makes of it to the last bit, `[height, width]`; undefined for a file that is not of this kind,
 * or of which jpeg-js would find out what is wrong
 */
export function decodeBaselineGrey(jpeg: Jpeg): Uint8Array | undefined {
  const tables = readTables(jpeg);
  if (!tables) return undefined;
  const { height, width } = jpeg;
  const [rows, columns] = [Math.ceil(height / 8), Math.ceil(width / 8)];
  // Whole blocks first: most tiles have no others.
  const padded = new Uint8Array(64 * rows * columns);
  if (!decodeScan(tables, rows, columns, padded)) return undefined;
  const stride = 8 * columns;
  if (stride === width) return padded.length === height * width ? padded : padded.slice(0, height * width);
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) pixels.set(padded.subarray(y * stride, y * stride + width), y * width);
  return pixels;
}

/** The tables of the file's only scan, where it has what a baseline scan of one component needs. */
function readTables({ frame, parts, scans }: Jpeg): Tables | undefined {
  const scan = parts.at(-2);
  const [{ components, interval } = { components: [], interval: 1 }] = scans;
  if (frame.progressive || frame.precision !== 8 || frame.components.length !== 1 || scan?.[1] !== marker.sos) return;
  if (scans.length !== 1 || interval !== 0 || components.length !== 1) return;
  const codes = new Map<number, HuffmanCodes>();
  const quantisers = new Map<number, Int32Array>();
  let quantiserNumber = -1;
  for (const part of parts.slice(1, -2)) {
    const payload = part.subarray(4);
    if (part[1] === marker.dht) readHuffmanCodes(payload, codes);
    else if (part[1] === marker.dqt) {
      for (let at = 0; at < payload.length; at += 65) {
        if (payload[at] >> 4 !== 0) return;
        const quantiser = new Int32Array(64);
        for (let k = 0; k < 64; k++) quantiser[zigzag[k]] = payload[at + 1 + k];
        quantisers.set(payload[at], quantiser);
      }
    } else if (part[1] === marker.sof0 || part[1] === marker.sof1) quantiserNumber = payload[8];
    else if (part[1] !== marker.dri) return;
  }
  const header = scan.subarray(4, 2 + ((scan[2] << 8) | scan[3]));
  const lookups = new Map([...codes].map(([key, code]) => [key, lookupOf(code)]));
  const [quantiser, dc, ac] = [
    quantisers.get(quantiserNumber),
    lookups.get(header[2] >> 4),
    lookups.get(16 | (header[2] & 15)),
  ];
  if (!quantiser || !dc || !ac || [...lookups.values()].includes(undefined)) return;
  const data = unstuffed(scan.subarray(4 + header.length));
  return data && { quantiser, dc, ac, data };
}

/**
 * A table by the next 16 bits: length of the code << 8 | symbol; 0 where no code begins like this.
 * @returns undefined for more codes than there can be
 */
function lookupOf({ counts, symbols }: HuffmanCodes): Uint16Array | undefined {
  const lookup = new Uint16Array(65536);
  let at = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const reach = 1 << (16 - length);
    for (let i = 0; i < counts[length - 1]; i++, at += reach) {
      // All ones are no code (T.81, annex C).
      if (at + reach >= 65536) return undefined;
      lookup.fill((length << 8) | symbols[index++], at, at + reach);
    }
  }
  return lookup;
}

/** A coefficient by its additional bits (T.81, F.2.2.1, EXTEND). */
const extended = (value: number, size: number): number => (value < 1 << (size - 1) ? value - (1 << size) + 1 : value);

/**
 * Coefficients whose code and additional bits are short, by the next {@link SHORT} bits: value << 8 | zeros before it << 4 | bits;
 * value 0 where the block ends, all 0 where more bits are needed.
 */
function shortCoefficients(ac: Uint16Array): Int32Array {
  return Int32Array.from({ length: 2 ** SHORT }, (_, ahead) => {
    const next = ac[ahead << (16 - SHORT)];
    const [length, run, size] = [next >> 8, (next >> 4) & 15, next & 15];
    const left = SHORT - length - size;
    if (next === 0 || left < 0) return 0;
    if (size === 0) return run < 15 ? length : 0;
    return (extended((ahead >> left) & ((1 << size) - 1), size) << 8) | (run << 4) | (length + size);
  });
}

/** Coded data without the zeros behind 0xff; undefined where there is a marker among them. */
function unstuffed(data: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(data.length + PADDING);
  let length = 0;
  for (let from = 0; from < data.length; ) {
    const found = data.indexOf(0xff, from);
    const end = found < 0 ? data.length : found + 1;
    bytes.set(data.subarray(from, end), length);
    length += end - from;
    if (found >= 0 && data[end] !== 0) return undefined;
    from = found < 0 ? end : end + 1;
  }
  return bytes.subarray(0, length + PADDING);
}

/**
 * Decodes all blocks (T.81, F.2.2).
 * @param out zeros, `[8 * rows, 8 * columns]`
 * @returns whether there were that many, and nothing was irregular
 */
function decodeScan(
  { quantiser, dc, ac, data }: Tables,
  rows: number,
  columns: number,
  out: Uint8Array<ArrayBuffer>,
): boolean {
  const stride = 8 * columns;
  const words = new Int32Array(out.buffer);
  const levels = new Uint8ClampedArray(out.buffer);
  const coefficients = shortCoefficients(ac);
  const block = new Int32Array(64);
  const end = data.length - PADDING;
  let [at, bits, ahead, mean] = [0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      while (ahead <= 24) {
        bits = (bits << 8) | data[at++];
        ahead += 8;
      }
      const first = dc[(bits >>> (ahead - 16)) & 0xffff];
      const size = first & 255;
      if (first === 0 || size > MOST_DC_BITS) return false;
      ahead -= first >> 8;
      if (size > 0) {
        while (ahead <= 24) {
          bits = (bits << 8) | data[at++];
          ahead += 8;
        }
        ahead -= size;
        mean += extended((bits >>> ahead) & ((1 << size) - 1), size);
      }
      let others = 0;
      for (let k = 1; k < 64; k++) {
        while (ahead <= 24) {
          bits = (bits << 8) | data[at++];
          ahead += 8;
        }
        const short = coefficients[(bits >>> (ahead - SHORT)) & (2 ** SHORT - 1)];
        if (short !== 0) {
          ahead -= short & 15;
          if (short >> 8 === 0) break;
          k += (short >> 4) & 15;
          if (k > 63) return false;
          const place = zigzag[k];
          block[place] = (short >> 8) * quantiser[place];
          others |= block[place];
          continue;
        }
        const next = ac[(bits >>> (ahead - 16)) & 0xffff];
        if (next === 0) return false;
        ahead -= next >> 8;
        const length = next & 15;
        const run = (next >> 4) & 15;
        if (length === 0) {
          if (run < 15) break;
          k += 15;
          continue;
        }
        k += run;
        if (k > 63) return false;
        while (ahead <= 24) {
          bits = (bits << 8) | data[at++];
          ahead += 8;
        }
        ahead -= length;
        const place = zigzag[k];
        block[place] = extended((bits >>> ahead) & ((1 << length) - 1), length) * quantiser[place];
        others |= block[place];
      }
      // Bits that are not there were read as zeros.
      if (8 * at - ahead > 8 * end) return false;
      const corner = 8 * row * stride + 8 * column;
      if (others === 0) {
        const level = levelOfMean((mean * quantiser[0]) | 0);
        if (level === 0) continue;
        const four = Math.imul(level, 0x01010101);
        for (let y = 0, to = corner >> 2; y < 8; y++, to += stride >> 2) {
          words[to] = four;
          words[to + 1] = four;
        }
      } else {
        block[0] = mean * quantiser[0];
        inverseTransform(block, levels, corner, stride);
      }
    }
  }
  return true;
}
