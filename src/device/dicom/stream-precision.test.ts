import { describe, expect, it } from "vitest";
import { jpeg2000, jpegLossless, jpegLs } from "../../../test/support/dicom-compress.ts";
import { dicomFile, type TestElements, uids } from "../../../test/support/dicom-file.ts";
import { mammogramElements } from "../../../test/support/dicom-mammogram.ts";
import { generatePhantom } from "../../phantom/index.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { readDicom } from "./index.ts";

const size = { height: 96, width: 64 };

const phantom = (bits: number): GreyImage => {
  const { pixels } = generatePhantom({ seed: 5, ...size, bits, view: "L-MLO" });
  return { ...size, bits, pixels };
};

type Compress = (image: GreyImage) => Uint8Array | Promise<Uint8Array>;

const lossless: [string, string, Compress][] = [
  ["JPEG lossless", uids.jpegLossless, (image) => jpegLossless(image, 1)],
  ["JPEG-LS", uids.jpegLs, (image) => jpegLs(image)],
  ["JPEG 2000", uids.jpeg2000, (image) => jpeg2000(image)],
];

/** A stream in a file whose header says what it likes. */
const file = (frame: Uint8Array, syntax: string, change: TestElements, fragments = [frame]) =>
  dicomFile({ ...mammogramElements(phantom(12), { view: "L-MLO" }), ...change }, syntax, fragments);

const header = (allocated: number, stored: number, high = stored - 1, sign = 0): TestElements => ({
  "00280100": ["US", [allocated]],
  "00280101": ["US", [stored]],
  "00280102": ["US", [high]],
  "00280103": ["US", [sign]],
});

describe.each(lossless)("%s", (_, syntax, compress) => {
  it.each([
    [12, 16, 10],
    [16, 16, 12],
    [16, 16, 8],
    [12, 8, 8],
  ])("%i bits in the stream, %i allocated, %i stored: nothing wraps", async (bits, allocated, stored) => {
    const image = phantom(bits);
    const { image: read } = await readDicom(file(await compress(image), syntax, header(allocated, stored)));
    expect(Array.from(read.pixels)).toEqual(Array.from(image.pixels));
  });

  it("fewer bits than the header says", async () => {
    const image = phantom(8);
    const { image: read } = await readDicom(file(await compress(image), syntax, header(16, 16)));
    expect(Array.from(read.pixels)).toEqual(Array.from(image.pixels));
  });

  it("values that fit stay as the header says", async () => {
    const image = { ...phantom(12), bits: 16 };
    const { image: read } = await readDicom(file(await compress(image), syntax, header(16, 12)));
    expect(read).toEqual({ ...image, bits: 12 });
  });

  it("values at the upper end of the word, and overlays above them, as the header says", async () => {
    const { pixels } = phantom(12);
    const shifted = { ...size, bits: 16, pixels: pixels.map((v, i) => (v << 4) | (i & 15)) };
    const high = await readDicom(file(await compress(shifted), syntax, header(16, 12, 15)));
    expect(Array.from(high.image.pixels)).toEqual(Array.from(pixels));
    const overlaid = { ...size, bits: 16, pixels: pixels.map((v, i) => v | (i % 3 === 0 ? 0x4000 : 0)) };
    const change: TestElements = { ...header(16, 12), "60000102": ["US", [14]] };
    const below = await readDicom(file(await compress(overlaid), syntax, change));
    expect(Array.from(below.image.pixels)).toEqual(Array.from(pixels));
  });

  it("negative values, with their sign in the bits above or without", async () => {
    const { pixels } = phantom(12);
    for (const mask of [0xfff, 0xffff]) {
      const signed = { ...size, bits: 16, pixels: pixels.map((v) => (v - 2048) & mask) };
      const { image } = await readDicom(file(await compress(signed), syntax, header(16, 12, 11, 1)));
      expect(Array.from(image.pixels)).toEqual(Array.from(pixels));
    }
    const narrow = file(await compress(phantom(8)), syntax, header(16, 16, 15, 1));
    await expect(readDicom(narrow)).rejects.toMatchObject({ code: "dicom-unreadable" });
  });

  it.each([1, 2, 3, 40])(
    "%i bytes of padding, zeros or anything, in the fragment or in one of their own",
    async (count) => {
      const image = phantom(12);
      const frame = await compress(image);
      for (const byte of [0, 0x20, 0xff]) {
        const padding = new Uint8Array(count).fill(byte);
        const joined = Uint8Array.from([...frame, ...padding]);
        const even = Uint8Array.from([...frame, ...new Uint8Array(frame.length & 1)]);
        for (const fragments of [[joined], [even, padding]]) {
          const { image: read } = await readDicom(file(frame, syntax, header(16, 12), fragments));
          expect(read).toEqual(image);
        }
      }
    },
  );
});

describe("JPEG 2000", () => {
  /** The codestream with its samples called signed: the same bits, read 2^(bits - 1) lower. */
  async function signedStream(bits: number): Promise<Uint8Array> {
    const stream = (await jpeg2000(phantom(bits))).slice();
    stream[42] |= 0x80;
    return stream;
  }

  it.each([2, 40])("%i bytes that do not belong into the codestream are damage, no colours", async (count) => {
    const stream = await jpeg2000(phantom(12));
    const at = 2 * Math.floor(stream.length / 6);
    const inside = [...stream.subarray(0, at), ...new Uint8Array(count), ...stream.subarray(at)];
    const refused = readDicom(file(Uint8Array.from(inside), uids.jpeg2000, header(16, 12)));
    await expect(refused).rejects.toMatchObject({ code: "dicom-unreadable" });
  });

  it("signed samples and an unsigned header contradict each other", async () => {
    const refused = readDicom(file(await signedStream(12), uids.jpeg2000, header(16, 12)));
    await expect(refused).rejects.toMatchObject({ code: "dicom-unreadable", message: /PixelRepresentation/ });
  });

  it.each([
    [12, 12],
    [12, 10],
    [8, 12],
  ])("signed samples of %i bits, %i stored, in a signed header", async (bits, stored) => {
    const { image } = await readDicom(file(await signedStream(bits), uids.jpeg2000, header(16, stored, stored - 1, 1)));
    expect(Array.from(image.pixels)).toEqual(Array.from(phantom(bits).pixels));
  });

  it("a JP2 file in the fragment, with boxes before and behind, lengths short, long or open", async () => {
    const image = phantom(12);
    const stream = await jpeg2000(image);
    const word = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
    const box = (type: string, body: Iterable<number>) => [...word(8 + [...body].length), ...letters(type), ...body];
    const letters = (type: string) => [...type].map((letter) => letter.charCodeAt(0));
    const front = [
      ...box("jP  ", [0x0d, 0x0a, 0x87, 0x0a]),
      ...box("ftyp", letters("jp2 \0\0\0\0jp2 ")),
      ...box("jp2h", []),
    ];
    const long = [...word(1), ...letters("jp2c"), ...word(0), ...word(16 + stream.length), ...stream];
    const open = [...word(0), ...letters("jp2c"), ...stream];
    for (const boxes of [[...box("jp2c", stream), ...box("xml ", [60, 62])], long, open]) {
      const { image: read } = await readDicom(
        file(Uint8Array.from([...front, ...boxes]), uids.jpeg2000, header(16, 12)),
      );
      expect(read).toEqual(image);
    }
    const empty = readDicom(file(Uint8Array.from(front), uids.jpeg2000, header(16, 12)));
    await expect(empty).rejects.toMatchObject({ code: "dicom-unreadable" });
  });
});

describe("JPEG lossless", () => {
  it.each([1, 2, 3, 4, 5, 6, 7])("predictor %i: differences modulo the stream's own range", async (predictor) => {
    const image = phantom(8);
    const stripes = { ...image, pixels: image.pixels.map((v, i) => (i % 3 === 0 ? 255 - v : v)) };
    const frame = jpegLossless(stripes, predictor, 0, 8);
    const { image: read } = await readDicom(file(frame, uids.jpegLossless, header(16, 16)));
    const low = Math.min(...stripes.pixels);
    expect(Array.from(read.pixels)).toEqual(Array.from(stripes.pixels, (v) => v - low));
  });

  it("fill bytes before markers", async () => {
    const image = phantom(12);
    const frame = jpegLossless(image, 1, 8);
    const filled: number[] = [];
    frame.forEach((byte, i) => {
      if (byte === 0xff && frame[i + 1] !== 0 && i > 1) filled.push(0xff, 0xff);
      filled.push(byte);
    });
    expect((await readDicom(file(Uint8Array.from(filled), uids.jpegLossless, header(16, 12)))).image).toEqual(image);
  });
});
