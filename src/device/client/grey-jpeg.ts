/**
 * @module
 * A baseline JPEG with one component (ITU-T T.81). jpeg-js and the encoders of browsers write colour only, which the
 * service refuses.
 */
import { zigzag } from "../../codecs/jpeg/zigzag.ts";
import type { Size } from "../../glam/spec.ts";

/** Luminance quantisation at quality 50, row-major (T.81 table K.1). */
const QUANTISATION = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** Code lengths and symbols of the luminance tables (T.81 tables K.3 and K.5). */
const DC = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const AC = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
  symbols: hexBytes(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a" +
      "434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aa" +
      "b2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
  ),
};
const DC_CODES = huffmanCodes(DC);
const AC_CODES = huffmanCodes(AC);

/** `COSINES[u * 8 + x]` = C(u) / 2 * cos((2x + 1) u pi / 16). */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * (i & 7) + 1) * u * Math.PI) / 16);
});

/**
 * @param image 8-bit grey, `[height, width]` row-major, sides 1 to 65535
 * @param quality 1 to 100, as libjpeg scales its tables
 */
export function encodeGreyJpeg(image: Size & { pixels: Uint8Array }, quality: number): Uint8Array<ArrayBuffer> {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const table = QUANTISATION.map((q) => Math.min(255, Math.max(1, Math.floor((q * scale + 50) / 100))));
  const out: number[] = [0xff, 0xd8];
  segment(out, 0xdb, [0, ...zigzag.map((i) => table[i])]);
  segment(out, 0xc0, [8, image.height >> 8, image.height & 255, image.width >> 8, image.width & 255, 1, 1, 0x11, 0]);
  segment(out, 0xc4, [0x00, ...DC.counts, ...DC.symbols, 0x10, ...AC.counts, ...AC.symbols]);
  segment(out, 0xda, [1, 1, 0x00, 0, 63, 0]);
  encodeBlocks(image, table, bitWriter(out));
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

function segment(out: number[], marker: number, body: number[]): void {
  const length = body.length + 2;
  out.push(0xff, marker, length >> 8, length & 255);
  for (const byte of body) out.push(byte);
}

type BitWriter = { put(value: number, bits: number): void; finish(): void };

/** Bits, most significant first; 0xff is followed by a stuffed 0, the last byte is filled with ones. */
function bitWriter(out: number[]): BitWriter {
  let pending = 0;
  let count = 0;
  const put = (value: number, bits: number) => {
    pending = (pending << bits) | value;
    count += bits;
    while (count >= 8) {
      const byte = (pending >> (count - 8)) & 255;
      out.push(byte);
      if (byte === 255) out.push(0);
      count -= 8;
    }
    pending &= (1 << count) - 1;
  };
  return { put, finish: () => count > 0 && put((1 << (8 - count)) - 1, 8 - count) };
}

/** Blocks of 8 x 8 in row-major order; the last row and column are repeated to fill a block. */
function encodeBlocks(
  { height, width, pixels }: Size & { pixels: Uint8Array },
  table: number[],
  bits: BitWriter,
): void {
  const block = new Float64Array(64);
  const levels = new Int32Array(64);
  let previous = 0;
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let i = 0; i < 64; i++) {
        const y = Math.min(height - 1, top + (i >> 3));
        const x = Math.min(width - 1, left + (i & 7));
        block[i] = pixels[y * width + x] - 128;
      }
      transform(block);
      for (let k = 0; k < 64; k++) levels[k] = Math.round(block[zigzag[k]] / table[zigzag[k]]);
      encodeLevels(levels, previous, bits);
      previous = levels[0];
    }
  }
  bits.finish();
}

/** Forward DCT in place, rows then columns (T.81 A.3.3). */
function transform(block: Float64Array): void {
  const line = new Float64Array(8);
  for (const [start, step] of [
    [8, 1],
    [1, 8],
  ]) {
    for (let n = 0; n < 8; n++) {
      for (let u = 0; u < 8; u++) {
        let sum = 0;
        for (let x = 0; x < 8; x++) sum += COSINES[u * 8 + x] * block[n * start + x * step];
        line[u] = sum;
      }
      for (let u = 0; u < 8; u++) block[n * start + u * step] = line[u];
    }
  }
}

/** Huffman codes of one block's levels in zigzag order (T.81 F.1.2). */
function encodeLevels(levels: Int32Array, previous: number, bits: BitWriter): void {
  const difference = levels[0] - previous;
  const category = magnitude(difference);
  putCode(bits, DC_CODES, category);
  putValue(bits, difference, category);
  let zeros = 0;
  for (let k = 1; k < 64; k++) {
    if (levels[k] === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) putCode(bits, AC_CODES, 0xf0);
    const size = magnitude(levels[k]);
    putCode(bits, AC_CODES, (zeros << 4) | size);
    putValue(bits, levels[k], size);
    zeros = 0;
  }
  if (zeros > 0) putCode(bits, AC_CODES, 0x00);
}

/** Number of bits of |value|. */
const magnitude = (value: number): number => 32 - Math.clz32(Math.abs(value));

/** The value's bits; negative ones as one's complement. */
const putValue = (bits: BitWriter, value: number, size: number): void =>
  bits.put(value < 0 ? value + (1 << size) - 1 : value, size);

type Codes = { code: number; bits: number }[];

const putCode = (bits: BitWriter, codes: Codes, symbol: number): void =>
  bits.put(codes[symbol].code, codes[symbol].bits);

/** Canonical codes by symbol (T.81 annex C). */
function huffmanCodes({ counts, symbols }: { counts: number[]; symbols: number[] }): Codes {
  const codes: Codes = [];
  let code = 0;
  let next = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) codes[symbols[next++]] = { code: code++, bits: i + 1 };
    code <<= 1;
  });
  return codes;
}

/** Bytes of a hexadecimal string. */
function hexBytes(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
