import { expect, test } from "vitest";
import { problemOf } from "../../../test/support/tiles.ts";
import type { DecodedTile } from "../../codecs/decoded-tile.ts";
import { makeGrid, tileBox } from "../../contract/grid.ts";
import { createAssembler } from "./assemble.ts";

const grid = makeGrid({ height: 10, width: 9 }, { height: 4, width: 5 });
/** A tile of the right size whose first two columns rise; 16-bit values rise in steps of 1000. */
function tileAt(row: number, col: number, bits: 8 | 16 = 8, offset = 0): DecodedTile {
  const { height, width } = tileBox(grid, row, col);
  const step = bits === 8 ? 1 : 1000;
  const values = Array.from({ length: height * width }, (_, i) => (i % width < 2 ? 1 + offset + i * step : 0));
  return { height, width, bits, pixels: bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values) };
}

test("tiles land in their place whatever their order; missing ones are 0", () => {
  const assembler = createAssembler(grid);
  for (const [row, col] of [
    [2, 0],
    [0, 0],
  ]) {
    assembler.place(row, col, tileAt(row, col, 8, 40 * row));
  }
  const { canvas, tiles } = assembler.finish();
  expect(tiles).toBe(2);
  expect(canvas).toMatchObject({ height: 10, width: 9 });
  const expected = new Uint8Array(90);
  for (let y = 0; y < 4; y++) for (let x = 0; x < 2; x++) expected[9 * y + x] = 1 + 5 * y + x;
  for (let y = 0; y < 2; y++) for (let x = 0; x < 2; x++) expected[9 * (8 + y) + x] = 81 + 5 * y + x;
  expect(canvas.pixels).toEqual(expected);
});

test("a 16-bit canvas keeps 16 bits", () => {
  const assembler = createAssembler(grid);
  assembler.place(1, 1, tileAt(1, 1, 16, 40000));
  const { pixels } = assembler.finish().canvas;
  expect(pixels).toBeInstanceOf(Uint16Array);
  expect(pixels[4 * 9 + 5]).toBe(40001);
});

test("a second tile in one place", () => {
  const assembler = createAssembler(grid);
  assembler.place(0, 1, tileAt(0, 1));
  expect(problemOf(() => assembler.place(0, 1, tileAt(0, 1)))).toBe("tile-duplicate");
});

test("a tile outside the grid, of the wrong size, of another depth", () => {
  const assembler = createAssembler(grid);
  expect(problemOf(() => assembler.place(3, 0, tileAt(0, 0)))).toBe("tile-outside-grid");
  expect(problemOf(() => assembler.place(0, 1, tileAt(0, 0)))).toBe("tile-wrong-size");
  assembler.place(0, 0, tileAt(0, 0));
  expect(problemOf(() => assembler.place(0, 1, tileAt(0, 1, 16)))).toBe("tile-bit-depth");
});

test("a refused tile leaves its place free", () => {
  const assembler = createAssembler(grid);
  expect(problemOf(() => assembler.place(0, 1, tileAt(0, 0)))).toBe("tile-wrong-size");
  assembler.place(0, 1, tileAt(0, 1));
  expect(assembler.finish().tiles).toBe(1);
});

test("no tile", () => {
  expect(problemOf(() => createAssembler(grid).finish())).toBe("no-tiles");
});

test.each([0, 77])("every pixel is %d", (value) => {
  const assembler = createAssembler(grid);
  for (let row = 0; row < 3; row++) {
    for (let col = 0; col < 2; col++) {
      const tile = tileAt(row, col);
      tile.pixels.fill(value);
      assembler.place(row, col, tile);
    }
  }
  expect(problemOf(() => assembler.finish())).toBe("constant-image");
});
