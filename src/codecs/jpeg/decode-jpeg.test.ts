import { expect, test } from "vitest";
import { greyReference, patch, problemOf, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { decodeJpeg } from "./decode-jpeg.ts";

const decode = (bytes: Uint8Array, size = tileSize) => decodeJpeg(bytes, size, "tile-0-1");
const problem = (bytes: Uint8Array, size = tileSize) => problemOf(() => decode(bytes, size));

/** Offset of the first segment with this marker. */
function find(bytes: Uint8Array, marker: number): number {
  for (let i = 2; i < bytes.length; i += 2 + ((bytes[i + 2] << 8) | bytes[i + 3]))
    if (bytes[i + 1] === marker) return i;
  throw new Error("no such segment");
}

test.each(["grey.jpg", "progressive.jpg", "restart-7-blocks.jpg", "restart-1-row.jpg", "sampled-2x2.jpg"])(
  "%s decodes to what djpeg decodes",
  (name) => {
    const tile = decode(tileFile(name));
    expect(tile).toMatchObject({ ...tileSize, bits: 8 });
    const worst = greyReference().reduce((max, value, i) => Math.max(max, Math.abs(value - tile.pixels[i])), 0);
    expect(worst).toBeLessThanOrEqual(1);
  },
);

test.each([
  ["colour-420.jpg", "tile-not-grey"],
  ["colour-444.jpg", "tile-not-grey"],
  ["colour-444-progressive.jpg", "tile-not-grey"],
  ["cmyk.jpg", "tile-not-grey"],
  ["arithmetic.jpg", "unsupported-media-type"],
])("%s is refused as %s", (name, code) => {
  expect(problem(tileFile(name))).toBe(code);
});

test("a header that claims 60000 x 60000 is refused before anything is allocated", () => {
  const grey = tileFile("grey.jpg");
  const sof = find(grey, 0xc0);
  const huge = patch(grey, { [sof + 5]: 0xea, [sof + 6]: 0x60, [sof + 7]: 0xea, [sof + 8]: 0x60 });
  const before = process.memoryUsage().arrayBuffers;
  expect(problem(huge)).toBe("tile-wrong-size");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
});

test.each([
  ["another size", { 8: 44 }, "tile-wrong-size"],
  ["no lines, and no DNL", { 5: 0, 6: 0 }, "tile-damaged"],
  ["12 bits", { 4: 12 }, "tile-bit-depth"],
  ["sampling factor 0", { 11: 0x01 }, "tile-damaged"],
  ["sampling factor 15", { 11: 0xff }, "tile-damaged"],
  ["lossless process", { 1: 0xc3 }, "unsupported-media-type"],
  ["a quantisation table that does not exist", { 12: 3 }, "tile-damaged"],
] as const)("a frame with %s", (_, changes, code) => {
  const grey = tileFile("grey.jpg");
  const sof = find(grey, 0xc0);
  expect(problem(patch(grey, Object.fromEntries(Object.entries(changes).map(([k, v]) => [sof + Number(k), v]))))).toBe(
    code,
  );
});

test.each(["grey.jpg", "progressive.jpg", "restart-7-blocks.jpg"])("%s cut anywhere is damaged", (name) => {
  const bytes = tileFile(name);
  for (let length = 3; length < bytes.length; length++) expect(problem(bytes.subarray(0, length))).toBe("tile-damaged");
});

test("a cut file that ends with an end marker all the same is damaged", () => {
  const grey = tileFile("grey.jpg");
  for (let length = find(grey, 0xda) + 12; length < grey.length - 4; length += 7) {
    expect(problem(Uint8Array.from([...grey.subarray(0, length), 0xff, 0xd9]))).toBe("tile-damaged");
  }
});

test("a progressive file without its last scans is damaged", () => {
  const bytes = tileFile("progressive.jpg");
  const starts = [...bytes.keys()].filter((i) => bytes[i] === 0xff && bytes[i + 1] === 0xda);
  expect(starts.length).toBeGreaterThan(2);
  for (const start of starts.slice(1)) {
    expect(problem(Uint8Array.from([...bytes.subarray(0, start), 0xff, 0xd9]))).toBe("tile-damaged");
  }
});

test("repeated scans do not keep the decoder busy", () => {
  const bytes = tileFile("progressive.jpg");
  const first = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
  const head = bytes.subarray(0, first);
  const scan = bytes.subarray(
    first,
    bytes.findIndex((byte, i) => i > first + 10 && byte === 0xff && bytes[i + 1] !== 0),
  );
  expect(problem(Uint8Array.from([...head, ...scan, ...scan, 0xff, 0xd9]))).toBe("tile-damaged");
});

test("a second frame, a scan before the frame, a table that leaves its segment", () => {
  const grey = tileFile("grey.jpg");
  const [sof, sos, dht] = [find(grey, 0xc0), find(grey, 0xda), find(grey, 0xc4)];
  const frame = grey.subarray(sof, sof + 13);
  expect(problem(Uint8Array.from([...grey.subarray(0, sos), ...frame, ...grey.subarray(sos)]))).toBe("tile-damaged");
  expect(problem(Uint8Array.from([...grey.subarray(0, sof), ...grey.subarray(sof + 13)]))).toBe("tile-damaged");
  expect(problem(patch(grey, { [dht + 5 + 15]: 200 }))).toBe("tile-damaged");
});

test("comments and application data are not looked at, nor what follows the end", () => {
  const grey = tileFile("grey.jpg");
  const comment = [0xff, 0xfe, 0, 6, 1, 2, 3, 4];
  const tile = decode(Uint8Array.from([...grey.subarray(0, 2), ...comment, ...grey.subarray(2), 1, 2, 3]));
  expect(tile).toEqual(decode(grey));
});

test("an error names the tile and both sizes", () => {
  expect(() => decode(tileFile("grey.jpg"), { height: 37, width: 46 })).toThrow(
    expect.objectContaining({ at: "tile-0-1", message: expect.stringContaining("37 x 45") }),
  );
});
