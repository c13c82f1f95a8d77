import { describe, expect, it } from "vitest";
import type { TestElements } from "../../../../test/support/dicom-file.ts";
import { mammogramFile, pixelBytes } from "../../../../test/support/dicom-mammogram.ts";
import { halfEllipse } from "../../preprocess/fixture.ts";
import { type ReadDicomOptions, readDicom } from "../index.ts";

const image = halfEllipse(32, 40, { bits: 12 });
const plain = Array.from(image.pixels);

type Change = Record<string, TestElements[string] | undefined>;

/** What is read when these 16-bit values stand in the file. */
async function read(values: number[], change: Change = {}, options: ReadDicomOptions = {}) {
  const pixels: Change = { "7fe00010": ["OW", pixelBytes(values, 16)] };
  return readDicom(
    mammogramFile(image, { view: "L-CC", pixelSpacing: 0.1 }, { change: { ...pixels, ...change } }),
    options,
  );
}

const levels = async (...args: Parameters<typeof read>): Promise<number[]> =>
  Array.from((await read(...args)).image.pixels);

describe("stored values", () => {
  it("loses overlays in the bits above", async () => {
    expect(await levels(plain.map((v, i) => v | (i % 3 === 0 ? 0x4000 : 0x8000)))).toEqual(plain);
  });

  it("finds the value below HighBit", async () => {
    const change: Change = { "00280102": ["US", [15]] };
    expect(
      await levels(
        plain.map((v, i) => (v << 4) | (i & 15)),
        change,
      ),
    ).toEqual(plain);
  });

  it("reads signed values, the darkest becomes 0", async () => {
    const change: Change = { "00280103": ["US", [1]] };
    expect(
      await levels(
        plain.map((v) => (v - 2048) & 0xfff),
        change,
      ),
    ).toEqual(plain);
  });

  it("moves a background that is flat and not 0", async () => {
    expect(await levels(plain.map((v) => Math.floor(v / 2) + 100))).toEqual(plain.map((v) => Math.floor(v / 2)));
  });

  it("is not led astray by a dead pixel", async () => {
    const values = plain.map((v) => Math.floor(v / 2) + 100);
    const big = Array.from(
      { length: 320 * 400 },
      (_, i) => values[Math.floor(i / 4000) * 40 + Math.floor((i % 400) / 10)],
    );
    big[5] = 0;
    const change: Change = { "00280010": ["US", [320]], "00280011": ["US", [400]] };
    expect((await levels(big, change)).slice(0, 10)).toEqual(Array(10).fill(values[0] - 100));
  });
});

describe("pixel padding", () => {
  const air = plain.map((v) => (v === 0 ? 2000 : v));
  const inside = (expected: number[]) => (values: number[]) =>
    values.every((v, i) => v === (plain[i] === 0 ? 0 : expected[i]));

  it("becomes 0, a value or a range, and what is unsigned is not moved", async () => {
    expect(inside(plain)(await levels(air, { "00280120": ["US", [2000]] }))).toBe(true);
    const noisy = air.map((v, i) => (v === 2000 ? 1 + (i % 5) : v));
    const range: Change = { "00280120": ["US", [1]], "00280121": ["US", [5]] };
    expect(inside(plain)(await levels(noisy, range))).toBe(true);
    const turned: Change = { "00280120": ["US", [5]], "00280121": ["US", [1]] };
    expect(inside(plain)(await levels(noisy, turned))).toBe(true);
  });

  it("is a stored value, before MONOCHROME1 turns the image", async () => {
    const values = plain.map((v) => (v === 0 ? 0 : 4095 - v));
    const change: Change = { "00280120": ["US", [0]], "00280004": ["CS", "MONOCHROME1"] };
    const result = await levels(values, change);
    const darkest = Math.min(...plain.filter((v) => v > 0));
    expect(inside(plain.map((v) => v - darkest + 1))(result)).toBe(true);
  });

  it("refuses an image of nothing else", async () => {
    const change: Change = { "00280120": ["US", [0]], "00280121": ["US", [4095]] };
    await expect(read(plain, change)).rejects.toMatchObject({ code: "dicom-unreadable" });
  });
});

describe("rescale and Modality LUT", () => {
  it("takes the sign of a rescale only, because standardisation takes out the rest", async () => {
    const rescale = (slope: string): Change => ({ "00281052": ["DS", "-500.5"], "00281053": ["DS", slope] });
    expect(await levels(plain, rescale("0.25"))).toEqual(plain);
    const negative = plain.map((v) => 4095 - v);
    expect(await levels(negative, rescale("-2"))).toEqual(plain);
    expect(await levels(plain, { ...rescale("-2"), "00280004": ["CS", "MONOCHROME1"] })).toEqual(plain);
    await expect(read(plain, rescale("0"))).rejects.toMatchObject({ code: "dicom-unreadable" });
  });

  it("applies a Modality LUT", async () => {
    const table = Array.from({ length: 4096 }, (_, i) => Math.floor((i * i) / 4096));
    const item: TestElements = { "00283002": ["US", [4096, 0, 12]], "00283006": ["US", table] };
    expect(await levels(plain, { "00283000": ["SQ", [item]] })).toEqual(plain.map((v) => table[v]));
    const short: TestElements = { ...item, "00283006": ["US", table.slice(1)] };
    await expect(read(plain, { "00283000": ["SQ", [short]] })).rejects.toMatchObject({ code: "dicom-unreadable" });
  });
});

describe("VOI", () => {
  const window = (shape: string): Change => ({
    "00281050": ["DS", "2000"],
    "00281051": ["DS", "1000"],
    "00281056": ["CS", shape],
  });

  it("is not applied to what the network sees, and told to the viewer", async () => {
    const result = await read(plain, window("LINEAR"));
    expect(Array.from(result.image.pixels)).toEqual(plain);
    expect(result.window).toEqual({ low: 1500, high: 2499 });
    const inverted = await read(
      plain.map((v) => 4095 - v),
      { ...window("LINEAR_EXACT"), "00280004": ["CS", "MONOCHROME1"] },
    );
    expect(inverted.window).toEqual({ low: 1595, high: 2595 });
  });

  /** PS3.3 C.11.2.1.2 and C.11.2.1.3, written out. */
  const shares: Record<string, (x: number) => number> = {
    LINEAR: (x) => (x <= 2000 - 0.5 - 499.5 ? 0 : x > 2000 - 0.5 + 499.5 ? 1 : (x - 1999.5) / 999 + 0.5),
    LINEAR_EXACT: (x) => (x <= 1500 ? 0 : x > 2500 ? 1 : (x - 2000) / 1000 + 0.5),
    SIGMOID: (x) => 1 / (1 + Math.exp((-4 * (x - 2000)) / 1000)),
  };

  it.each(Object.keys(shares))("%s, when asked for", async (shape) => {
    const result = await read(plain, window(shape), { grey: "displayed" });
    const expected = plain.map((v) => Math.round(65535 * shares[shape](v)));
    const black = Math.min(...expected);
    expect(Array.from(result.image.pixels)).toEqual(expected.map((v) => v - black));
    expect(result.image.bits).toBe(16);
  });

  describe("damaged LUTs", () => {
    const table = Array.from({ length: 4096 }, (_, i) => i);
    const sequence = (item: TestElements): Change => ({ "00283010": ["SQ", [item]] });
    const descriptor: TestElements = { "00283002": ["US", [4096, 0, 12]] };
    const damagedLuts: [string, Change][] = [
      ["short", sequence({ ...descriptor, "00283006": ["US", table.slice(100)] })],
      ["no data", sequence(descriptor)],
      ["no descriptor", sequence({ "00283006": ["US", table] })],
      ["17 bits", sequence({ "00283002": ["US", [4096, 0, 17]], "00283006": ["US", table] })],
      ["an empty item", sequence({})],
    ];

    it.each(damagedLuts)("%s: no matter where it is not applied, and the window counts", async (_, change) => {
      const result = await read(plain, { ...window("LINEAR"), ...change });
      expect(Array.from(result.image.pixels)).toEqual(plain);
      expect(result.window).toEqual({ low: 1500, high: 2499 });
      await expect(read(plain, change, { grey: "displayed" })).rejects.toMatchObject({ code: "dicom-unreadable" });
    });

    it("one that would turn the image is needed", async () => {
      const falling = sequence({ ...descriptor, "00283006": ["US", table.slice(100).reverse()] });
      await expect(read(plain, falling)).rejects.toMatchObject({ code: "dicom-unreadable" });
    });
  });

  it("a LUT that turns a negative into a positive is always applied", async () => {
    const table = Array.from({ length: 4096 }, (_, i) => 4095 - i);
    const item: TestElements = { "00283002": ["US", [4096, 0, 12]], "00283006": ["US", table] };
    const result = await levels(
      plain.map((v) => 4095 - v),
      { "00283010": ["SQ", [item]] },
    );
    expect(result).toEqual(plain.map((v) => Math.round((65535 * v) / 4095)));
  });
});
