import { deflateSync } from "node:zlib";
import { decode as fastPng } from "fast-png";
import { expect, test } from "vitest";
import { tiffOrientation } from "../../../test/support/exif.ts";
import { patch, png, pngChunk, pngFile, problemOf } from "../../../test/support/tiles.ts";
import { turned } from "../orientation.ts";
import { decodePng } from "./decode-png.ts";
import { inflate } from "./inflate.ts";
import { filteredBytes } from "./passes.ts";

const size = { height: 5, width: 7 };
const decode = (bytes: Uint8Array, expected = size) => decodePng(bytes, expected, "tile-2-0");
const problem = (bytes: Uint8Array, expected = size) => problemOf(() => decode(bytes, expected));
const ramp8 = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 256);
const ramp16 = Uint16Array.from({ length: 35 }, (_, i) => (i * 1873) % 65536);
const grey8 = png({ ...size, data: ramp8, channels: 1, depth: 8 });
const grey16 = png({ ...size, data: ramp16, channels: 1, depth: 16 });
/** Rows of zeros, each with a filter byte. */
const rows = (height: number, rowBytes: number) => new Uint8Array(height * (1 + rowBytes));
const idat = (raw: Uint8Array) => pngChunk("IDAT", deflateSync(raw));

test("8 and 16-bit grey", () => {
  expect(decode(grey8)).toEqual({ ...size, bits: 8, pixels: ramp8 });
  expect(decode(grey16)).toEqual({ ...size, bits: 16, pixels: ramp16 });
});

test("image data in many small chunks", () => {
  const stream = deflateSync(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, ...rows(4, 7)]));
  const parts = [...stream].map((byte) => pngChunk("IDAT", Uint8Array.of(byte)));
  expect([...decode(pngFile({ ...size, bits: 8 }, parts)).pixels.subarray(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 0]);
});

test("as many chunks as there are bytes for, empty ones too", () => {
  const stream = deflateSync(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, ...rows(4, 7)]));
  const empty = Array<Uint8Array>(20_000).fill(pngChunk("IDAT", new Uint8Array(0)));
  const comments = Array<Uint8Array>(20_000).fill(pngChunk("tEXt", new Uint8Array(1)));
  const file = pngFile({ ...size, bits: 8 }, [...comments, ...empty, pngChunk("IDAT", stream), ...empty]);
  expect([...decode(file).pixels.subarray(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 0]);
});

test("a palette that a grey image suggests has no meaning", () => {
  const palette = pngChunk(
    "PLTE",
    Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3)),
  );
  for (const [file, pixels] of [
    [grey8, ramp8],
    [grey16, ramp16],
  ]) {
    const bytes = new Uint8Array(file.buffer);
    const suggested = Uint8Array.from([...bytes.subarray(0, 33), ...palette, ...bytes.subarray(33)]);
    expect(decode(suggested).pixels).toEqual(pixels);
  }
});

test.each([2, 3, 4, 5, 6, 7, 8] as const)("Exif orientation %i turns the tile", (orientation) => {
  const exif = pngChunk("eXIf", tiffOrientation(orientation));
  const upright = turned({ ...size, bits: 16, pixels: ramp16 }, orientation);
  const file = Uint8Array.from([...grey16.subarray(0, 33), ...exif, ...grey16.subarray(33)]);
  expect(decode(file, { height: upright.height, width: upright.width })).toEqual(upright);
  const broken = Uint8Array.from([...grey16.subarray(0, 33), ...patch(exif, { 40: 1 }), ...grey16.subarray(33)]);
  expect(decode(broken).pixels).toEqual(ramp16);
});

test("Adam7: pixels of each pass land where the specification puts them", () => {
  // Pixels by (8 y + x), pass by pass and row by row.
  const at = (code: number) => ({ y: code >> 3, x: code & 7 });
  const raw: number[] = [];
  const cells = [
    [[0]],
    [[4]],
    [[32, 36]],
    [
      [2, 6],
      [34, 38],
    ],
    [[16, 18, 20, 22]],
    [
      [1, 3, 5],
      [17, 19, 21],
      [33, 35, 37],
    ],
    [
      [8, 9, 10, 11, 12, 13, 14],
      [24, 25, 26, 27, 28, 29, 30],
    ],
  ];
  for (const pass of cells) for (const row of pass) raw.push(0, ...row.map((code) => at(code).y * 7 + at(code).x + 1));
  const tile = decode(pngFile({ ...size, bits: 8, interlace: 1 }, [idat(Uint8Array.from(raw))]));
  expect([...tile.pixels]).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
});

test("filteredBytes agrees with a count cell by cell", () => {
  const passOf = (y: number, x: number) => (y % 2 ? 7 : x % 2 ? 6 : y % 4 ? 5 : x % 4 ? 4 : y % 8 ? 3 : x % 8 ? 2 : 1);
  for (const [height, width] of [
    [1, 1],
    [1, 5],
    [5, 1],
    [3, 2],
    [8, 8],
    [37, 45],
  ]) {
    const lines = new Set<string>();
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) lines.add(`${passOf(y, x)},${y}`);
    expect(filteredBytes({ height, width }, 16, true)).toBe(lines.size + 2 * height * width);
    expect(filteredBytes({ height, width }, 8, false)).toBe(height + height * width);
  }
});

test.each([
  ["grey with alpha, 8 bits", png({ ...size, data: new Uint8Array(70), channels: 2, depth: 8 }), "tile-not-grey"],
  ["grey with alpha, 16 bits", png({ ...size, data: new Uint16Array(70), channels: 2, depth: 16 }), "tile-not-grey"],
  ["RGB", png({ ...size, data: new Uint8Array(105), channels: 3, depth: 8 }), "tile-not-grey"],
  ["RGB with alpha, 16 bits", png({ ...size, data: new Uint16Array(140), channels: 4, depth: 16 }), "tile-not-grey"],
  ["a palette", pngFile({ ...size, bits: 8, colourType: 3 }, [idat(rows(5, 7))]), "tile-not-grey"],
  ["1 bit", pngFile({ ...size, bits: 1 }, [idat(rows(5, 1))]), "tile-bit-depth"],
  ["4 bits", pngFile({ ...size, bits: 4 }, [idat(rows(5, 4))]), "tile-bit-depth"],
  [
    "a transparent grey",
    pngFile({ ...size, bits: 8 }, [pngChunk("tRNS", Uint8Array.of(0, 0)), idat(rows(5, 7))]),
    "tile-not-grey",
  ],
  [
    "an unknown critical chunk",
    pngFile({ ...size, bits: 8 }, [pngChunk("ABCD", rows(1, 1)), idat(rows(5, 7))]),
    "tile-damaged",
  ],
  ["two headers", pngFile({ ...size, bits: 8 }, [grey8.slice(8, 33), idat(rows(5, 7))]), "tile-damaged"],
  ["no image data", pngFile({ ...size, bits: 8 }, []), "tile-damaged"],
  ["too few image data", pngFile({ ...size, bits: 8 }, [idat(rows(4, 7))]), "tile-damaged"],
  ["one byte too many", pngFile({ ...size, bits: 8 }, [idat(new Uint8Array(41))]), "tile-damaged"],
  ["a filter that does not exist", pngFile({ ...size, bits: 8 }, [idat(rows(5, 7).fill(9))]), "tile-damaged"],
  ["another interlace method", pngFile({ ...size, bits: 8, interlace: 2 }, [idat(rows(5, 7))]), "tile-damaged"],
  ["no pixels", pngFile({ height: 0, width: 0, bits: 8 }, [idat(new Uint8Array(0))]), "tile-wrong-size"],
  ["60000 x 60000 pixels", pngFile({ height: 60000, width: 60000, bits: 16 }, [idat(rows(5, 7))]), "tile-wrong-size"],
  ["a wrong checksum", patch(grey8, { 32: grey8[32] ^ 1 }), "tile-damaged"],
])("a PNG with %s is refused", (_, bytes, code) => {
  expect(problem(bytes)).toBe(code);
});

test.each([
  ["8-bit", grey8],
  ["16-bit", grey16],
])("a %s file cut anywhere is damaged", (_, bytes) => {
  for (let length = 8; length < bytes.length; length++) expect(problem(bytes.subarray(0, length))).toBe("tile-damaged");
});

test("a bomb in the image data is inflated by no more than 3 MiB", () => {
  const bomb = deflateSync(new Uint8Array(60e6));
  expect(bomb.length).toBeLessThan(80e3);
  expect(inflate(bomb, 40).found).toBeLessThan(3 * 2 ** 20);
  expect(problem(pngFile({ ...size, bits: 8 }, [pngChunk("IDAT", bomb)]))).toBe("tile-damaged");
});

test("compressed ancillary chunks are never inflated", () => {
  const broken = pngChunk("iCCP", Uint8Array.from([0x70, 0, 0, 1, 2, 3]));
  const file = pngFile({ ...size, bits: 8 }, [broken, pngChunk("zTXt", Uint8Array.of(1)), idat(rows(5, 7))]);
  expect(() => fastPng(file)).toThrow();
  expect(decode(file).pixels).toEqual(new Uint8Array(35));
});

test("what follows the end is not looked at", () => {
  expect(decode(Uint8Array.from([...grey16, 1, 2, 3])).pixels).toEqual(ramp16);
});
