import { expect, test } from "vitest";
import { greyReference, problemOf, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { hasColour } from "./colour-difference.ts";
import { decodeJpeg, decodeRgb } from "./decode-jpeg.ts";
import { readJpeg } from "./read-jpeg.ts";
import { checkRestarts } from "./restarts.ts";

const read = (bytes: Uint8Array) => readJpeg(bytes, undefined, () => {});
const problem = (bytes: Uint8Array | number[]) => problemOf(() => read(Uint8Array.from(bytes)));

/** A file in pieces that begin at its restart markers; the last one ends with the file. */
function intervals(name: string): number[][] {
  const bytes = [...tileFile(name)];
  const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
  const isRestart = (i: number) => i > scan && bytes[i] === 0xff && bytes[i + 1] >= 0xd0 && bytes[i + 1] <= 0xd7;
  const starts = [0, ...[...bytes.keys()].filter(isRestart)];
  return starts.map((start, i) => bytes.slice(start, starts[i + 1]));
}

test.each(["grey-in-420-restart.jpg", "grey-in-444-progressive-restart.jpg"])("%s: grey, as djpeg reads it", (name) => {
  const jpeg = read(tileFile(name));
  expect(jpeg.scans.every(({ interval }) => interval > 0)).toBe(true);
  expect(hasColour(jpeg)).toBe(false);
  const rgb = decodeRgb(jpeg, undefined);
  expect(rgb.every((value, i) => Math.abs(value - greyReference()[Math.floor(i / 3)]) <= 1)).toBe(true);
});

test("restart intervals that the decoder reads past are refused by name", () => {
  const jpeg = read(tileFile("grey-in-420-progressive-restart.jpg"));
  expect(hasColour(jpeg)).toBe(false);
  expect(() => decodeRgb(jpeg, undefined)).toThrow(/restart intervals/);
});

test.each([
  "restart-7-blocks.jpg",
  "restart-1-row.jpg",
  "grey-in-420-restart.jpg",
  "grey-in-420-progressive-restart.jpg",
])("%s with an interval lost, twice, moved or cut off is damaged", (name) => {
  const parts = intervals(name);
  expect(problem(parts.flat())).toBeUndefined();
  const [a, b] = [1, 2];
  expect(problem([...parts.slice(0, a), ...parts.slice(b)].flat())).toBe("tile-damaged");
  expect(problem([...parts.slice(0, b), ...parts.slice(a)].flat())).toBe("tile-damaged");
  expect(problem([...parts.slice(0, a), parts[b], parts[a], ...parts.slice(b + 1)].flat())).toBe("tile-damaged");
  expect(problem([...parts.slice(0, b), [0xff, 0xd9]].flat())).toBe("tile-damaged");
});

test("a restart marker behind the last interval is no matter, a second one is", () => {
  const bytes = tileFile("restart-1-row.jpg");
  const next = intervals("restart-1-row.jpg").length - 1;
  const behind = (count: number) => Array.from({ length: count }, (_, i) => [0xff, 0xd0 + ((next + i) & 7)]).flat();
  const file = (count: number) => Uint8Array.from([...bytes.subarray(0, -2), ...behind(count), 0xff, 0xd9]);
  expect(decodeJpeg(file(1), tileSize, "t")).toEqual(decodeJpeg(bytes, tileSize, "t"));
  expect(problem(file(2))).toBe("tile-damaged");
});

test("no interval, no restart marker", () => {
  const data = Uint8Array.of(1, 0xff, 0, 0xff, 0xd0, 7);
  expect(problemOf(() => checkRestarts(data, 2, 0, "t"))).toBe("tile-damaged");
  expect(problemOf(() => checkRestarts(data, 2, 1, "t"))).toBeUndefined();
});
