/**
 * @module
 * Compressed frames for tests, without any tool: RLE and lossless JPEG by hand, the others by the encoders that belong to the
 * decoders.
 */
import charls from "@cornerstonejs/codec-charls";
import openjpeg from "@cornerstonejs/codec-openjpeg";
import type { GreyImage } from "../../src/device/preprocess/index.ts";

const bytesOf = ({ pixels }: GreyImage): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

const frameOf = ({ height, width, bits }: GreyImage) => ({
  width,
  height,
  bitsPerSample: bits,
  componentCount: 1,
  isSigned: false,
});

const silent = () => ({ print: () => {}, printErr: () => {} });

/** JPEG-LS; `near` 0 is lossless. */
export async function jpegLs(image: GreyImage, near = 0): Promise<Uint8Array> {
  const { JpegLSEncoder } = await charls(silent());
  const encoder = new JpegLSEncoder();
  encoder.getDecodedBuffer(frameOf(image)).set(bytesOf(image));
  encoder.setNearLossless(near);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

/** JPEG 2000; a `ratio` makes it lossy. */
export async function jpeg2000(image: GreyImage, ratio?: number): Promise<Uint8Array> {
  const { J2KEncoder } = await openjpeg(silent());
  const encoder = new J2KEncoder();
  encoder.getDecodedBuffer(frameOf(image)).set(bytesOf(image));
  encoder.setQuality(ratio === undefined, 0);
  if (ratio !== undefined) encoder.setCompressionRatio(0, ratio);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

/** RLE: runs of three and more, literals otherwise. */
export function rle({ pixels, bits }: GreyImage): Uint8Array {
  const planes = bits > 8 ? [8, 0] : [0];
  const segments = planes.map((shift) => packBits(Uint8Array.from(pixels, (pixel) => (pixel >> shift) & 255)));
  const header = new Uint32Array(16);
  header[0] = segments.length;
  header[1] = 64;
  if (segments.length === 2) header[2] = 64 + segments[0].length;
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

function packBits(bytes: Uint8Array): number[] {
  const out: number[] = [];
  let literal: number[] = [];
  const flush = () => {
    if (literal.length > 0) out.push(literal.length - 1, ...literal);
    literal = [];
  };
  for (let i = 0; i < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[i + run] === bytes[i]) run++;
    if (run > 2) {
      flush();
      out.push(257 - run, bytes[i]);
      i += run;
    } else {
      literal.push(bytes[i++]);
      if (literal.length === 128) flush();
    }
  }
  flush();
  if (out.length & 1) out.push(128);
  return out;
}

/**
 * Lossless JPEG with any predictor (T.81 annex H); every category's code has 5 bits.
 * @param restartRows rows between restart markers, 0 for none
 * @param modulus bits that differences wrap in; the standard's are 16
 */
export function jpegLossless(image: GreyImage, predictor: number, restartRows = 0, modulus = 16): Uint8Array {
  const { height, width, bits, pixels } = image;
  const out = [0xff, 0xd8];
  const segment = (marker: number, body: number[]) =>
    out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  segment(0xc3, [bits, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  segment(0xc4, [0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...Array.from({ length: 17 }, (_, i) => i)]);
  if (restartRows > 0) segment(0xdd, [(restartRows * width) >> 8, (restartRows * width) & 255]);
  segment(0xda, [1, 1, 0x00, predictor, 0, 0]);
  let [pending, count] = [0, 0];
  const put = (value: number, size: number) => {
    for (let bit = size - 1; bit >= 0; bit--) {
      pending = (pending << 1) | ((value >>> bit) & 1);
      if (++count < 8) continue;
      out.push(pending);
      if (pending === 0xff) out.push(0);
      [pending, count] = [0, 0];
    }
  };
  const finish = () => {
    while (count > 0) put(1, 1);
  };
  for (let y = 0; y < height; y++) {
    const first = restartRows === 0 ? y === 0 : y % restartRows === 0;
    if (first && y > 0) {
      finish();
      out.push(0xff, 0xd0 + ((y / restartRows - 1) & 7));
    }
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const [a, b, c] = [pixels[i - 1], pixels[i - width], pixels[i - width - 1]];
      const guess = first ? (x === 0 ? 1 << (bits - 1) : a) : x === 0 ? b : predict(predictor, a, b, c);
      const half = 1 << (modulus - 1);
      const difference = ((pixels[i] - guess + 3 * half) & (2 * half - 1)) - half;
      const size = difference === -0x8000 ? 16 : 32 - Math.clz32(Math.abs(difference));
      put(size, 5);
      if (size < 16) put(difference < 0 ? difference + (1 << size) - 1 : difference, size);
    }
  }
  finish();
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

const predict = (predictor: number, a: number, b: number, c: number): number =>
  [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][predictor];
