import { expect, test } from "vitest";
import { problemOf } from "../../test/support/tiles.ts";
import { makeGrid, tileBox, tileName } from "./grid.ts";

test("tiles cover every pixel of the canvas exactly once", () => {
  for (const tile of [
    { height: 5, width: 7 },
    { height: 13, width: 3 },
    { height: 100, width: 100 },
  ]) {
    const grid = makeGrid({ height: 13, width: 20 }, tile);
    const hits = new Uint8Array(13 * 20);
    for (let row = 0; row < grid.rows; row++) {
      for (let col = 0; col < grid.cols; col++) {
        const box = tileBox(grid, row, col);
        for (let y = box.top; y < box.top + box.height; y++) {
          for (let x = box.left; x < box.left + box.width; x++) hits[y * 20 + x]++;
        }
      }
    }
    expect(hits.every((count) => count === 1)).toBe(true);
  }
});

test("the last row and column are cropped at the canvas", () => {
  const grid = makeGrid({ height: 1472, width: 960 }, { height: 512, width: 512 });
  expect(grid).toMatchObject({ rows: 3, cols: 2 });
  expect(tileBox(grid, 2, 1)).toEqual({ top: 1024, left: 512, height: 448, width: 448 });
});

test.each([
  [0, 512],
  [-1, 512],
  [512, 1.5],
  [Number.NaN, 512],
  [512, Number.POSITIVE_INFINITY],
  [16385, 512],
  [8, 8],
])("tiles of %d x %d are refused", (height, width) => {
  expect(problemOf(() => makeGrid({ height: 1472, width: 960 }, { height, width }))).toBe("invalid-request");
});

test.each([
  [3, 0],
  [0, 2],
  [-1, 0],
  [0.5, 0],
  [Number.NaN, 0],
])("there is no tile at %d, %d", (row, col) => {
  const grid = makeGrid({ height: 1472, width: 960 }, { height: 512, width: 512 });
  expect(problemOf(() => tileBox(grid, row, col))).toBe("tile-outside-grid");
});

test("a tile is called after its row and column", () => {
  expect(tileName(2, 10)).toBe("tile-2-10");
});
