import { expect, test } from "vitest";
import { jpegSegment, letters, withOrientation, withSegments } from "../../../test/support/exif.ts";
import { greyReference, problemOf, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { turned } from "../orientation.ts";
import { decodeJpeg, decodeRgb, decodingBytes } from "./decode-jpeg.ts";
import { readJpeg } from "./read-jpeg.ts";
import { marker, segments } from "./segments.ts";

const grey = tileFile("grey.jpg");
const decode = (bytes: Uint8Array, size = tileSize) => decodeJpeg(bytes, size, "tile-0-1");
const problem = (bytes: Uint8Array) => problemOf(() => decode(bytes));
const read = (bytes: Uint8Array) => readJpeg(bytes, undefined, () => {});
const pixels = decode(grey).pixels;

/** A file in pieces: what lies before the frame, the frame, tables, and the scan with its header. */
function pieces(bytes: Uint8Array) {
  const found = [...segments(bytes, undefined)];
  const frame = found.find(({ marker: code }) => code === marker.sof0);
  const scan = found.find(({ marker: code }) => code === marker.sos);
  if (!frame || !scan) throw new Error("The fixture is another.");
  const frameBytes = [...bytes.subarray(frame.start, frame.end)];
  const tables = [...bytes.subarray(2, frame.start), ...bytes.subarray(frame.end, scan.start)];
  return { frame: frameBytes, tables, scan: [...bytes.subarray(scan.start, scan.end)] };
}

const soi = [0xff, 0xd8];
const eoi = [0xff, 0xd9];

test.each(["grey.jpg", "progressive.jpg", "restart-7-blocks.jpg", "restart-1-row.jpg", "sampled-2x2.jpg"])(
  "%s with fill bytes before every marker",
  (name) => {
    const bytes = tileFile(name);
    for (const fill of [1, 2, 5]) {
      const filled: number[] = [];
      bytes.forEach((byte, i) => {
        const inScan = (bytes[i + 1] >= 0xd0 && bytes[i + 1] <= 0xd7) || bytes[i + 1] === 0xd9 || bytes[i + 1] === 0xda;
        if (byte === 0xff && inScan && i > 1) filled.push(...Array(fill).fill(0xff));
        filled.push(byte);
      });
      expect(decode(Uint8Array.from(filled)).pixels).toEqual(decode(bytes).pixels);
    }
  },
);

test("fill bytes and nothing behind them", () => {
  expect(problem(Uint8Array.from([...grey.subarray(0, -2), ...Array(9).fill(0xff)]))).toBe("tile-damaged");
});

test("the height behind the first scan (DNL)", () => {
  const { frame, tables, scan } = pieces(grey);
  const open = [...frame.slice(0, 5), 0, 0, ...frame.slice(7)];
  const dnl = (lines: number) => jpegSegment(0xdc, [lines >> 8, lines & 255]);
  const file = (head: number[], ...tail: number[][]) =>
    Uint8Array.from([...soi, ...tables, ...head, ...scan, ...tail.flat(), ...eoi]);
  expect(decode(file(open, dnl(tileSize.height))).pixels).toEqual(pixels);
  expect(decode(file(frame, dnl(tileSize.height))).pixels).toEqual(pixels);
  expect(problem(file(open, dnl(64)))).toBe("tile-wrong-size");
  expect(problem(file(open))).toBe("tile-damaged");
  expect(problem(file(open, dnl(0)))).toBe("tile-damaged");
  expect(problem(file(frame, dnl(64)))).toBe("tile-damaged");
  expect(problem(Uint8Array.from([...soi, ...tables, ...dnl(37), ...open, ...scan, ...eoi]))).toBe("tile-damaged");
});

test.each([2, 3, 4, 5, 6, 7, 8] as const)("Exif orientation %i turns the tile", (orientation) => {
  const upright = turned({ ...tileSize, pixels }, orientation);
  const tile = decode(withOrientation(grey, orientation), { height: upright.height, width: upright.width });
  expect(tile).toEqual({ ...upright, bits: 8 });
});

test("the first Exif counts, one behind the first scan does not", () => {
  expect(read(withSegments(withOrientation(grey, 3), [])).orientation).toBe(3);
  expect(read(withOrientation(withOrientation(grey, 3), 2)).orientation).toBe(2);
  const { frame, tables, scan } = pieces(grey);
  const exif = [...withOrientation(Uint8Array.of(0xff, 0xd8), 6).subarray(2)];
  expect(read(Uint8Array.from([...soi, ...tables, ...frame, ...exif, ...scan, ...eoi])).orientation).toBe(6);
  expect(read(Uint8Array.from([...soi, ...tables, ...frame, ...scan, ...exif, ...eoi])).orientation).toBe(1);
});

/** The grey image as three components of the same samples, a scan each. */
function threefold(ids: number[], application: number[]): Uint8Array {
  const { frame, tables, scan } = pieces(grey);
  const components = ids.flatMap((id) => [id, 0x11, frame[12]]);
  const head = jpegSegment(0xc0, [...frame.slice(4, 9), 3, ...components]);
  const scans = ids.flatMap((id) => [...scan.slice(0, 5), id, ...scan.slice(6)]);
  const bare = tables.slice(tables.indexOf(0xdb) - 1);
  return Uint8Array.from([...soi, ...application, ...bare, ...head, ...scans, ...eoi]);
}

const adobe = (transform: number) => jpegSegment(0xee, [...letters("Adobe"), 0, 100, 0, 0, 0, 0, transform]);
const jfif = jpegSegment(0xe0, [...letters("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]);

test.each([
  ["Adobe transform 0", [1, 2, 3], adobe(0), "rgb"],
  ["components R, G, B", letters("RGB"), [], "rgb"],
  ["Adobe transform 1", letters("RGB"), adobe(1), "ycc"],
  ["JFIF", letters("RGB"), [...jfif, ...adobe(0)], "ycc"],
  ["nothing", [1, 2, 3], [], "ycc"],
] as const)("the colours by %s", (_, ids, application, colours) => {
  const jpeg = read(threefold([...ids], [...application]));
  expect(jpeg.colours).toBe(colours);
  const rgb = decodeRgb(jpeg, undefined);
  expect(rgb.length).toBe(3 * pixels.length);
  const isGrey = pixels.every((value, i) => [0, 1, 2].every((c) => rgb[3 * i + c] === value));
  expect(isGrey).toBe(colours === "rgb");
});

test("each component needs its scan, once", () => {
  const whole = threefold([1, 2, 3], []);
  const starts = [...whole.keys()].filter((i) => whole[i] === 0xff && whole[i + 1] === 0xda);
  expect(problemOf(() => read(Uint8Array.from([...whole.subarray(0, starts[2]), ...eoi])))).toBe("tile-damaged");
  const twice = Uint8Array.from([...whole.subarray(0, -2), ...whole.subarray(starts[2])]);
  expect(problemOf(() => read(twice))).toBe("tile-damaged");
});

test("colour files that are whole are read, of four components the frame alone", () => {
  for (const name of ["colour-420.jpg", "colour-444.jpg", "colour-444-progressive.jpg"]) {
    const jpeg = read(tileFile(name));
    expect(decodeRgb(jpeg, undefined).length).toBe(3 * jpeg.height * jpeg.width);
  }
  expect(read(tileFile("cmyk.jpg")).frame.components).toHaveLength(4);
});

test("what a decoder needs is known by the header", () => {
  const components = [1, 2, 3].map((id) => ({ id, h: id === 1 ? 2 : 1, v: id === 1 ? 2 : 1 }));
  const frame = { height: 160, width: 160, progressive: false, precision: 8, components };
  expect(decodingBytes(frame)).toBe(160 * 160 * (1.5 * 5 + 6));
  expect(decodingBytes({ ...frame, components: [{ id: 1, h: 2, v: 2 }] })).toBe(160 * 160 * 9);
});

test("the reference is what all of these compare with", () => {
  expect(greyReference().every((value, i) => Math.abs(value - pixels[i]) <= 1)).toBe(true);
});
