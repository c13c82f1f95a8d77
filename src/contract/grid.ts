/**
 * @module
 * The grid of tiles that covers a canvas: full tiles, and cropped ones along the bottom and the right edge.
 */
import type { Box } from "../glam/contracts.ts";
import { GlamError } from "../glam/problem.ts";
import type { Size } from "../glam/spec.ts";

/** Rows and columns of tiles over a canvas; sizes in pixels. */
export type Grid = { canvas: Size; tile: Size; rows: number; cols: number };

/** More parts than this cost more to handle than the tiles save. */
export const maxTiles = 1024;

const maxSide = 16384;

/**
 * Lays tiles over a canvas; the last row and column are cropped where the canvas ends.
 * @throws GlamError `invalid-request` when a side is not a whole number in 1..16384 or there are more than 1024 tiles
 * @example makeGrid({ height: 1472, width: 960 }, { height: 512, width: 512 }); // 3 rows, 2 columns
 */
export function makeGrid(canvas: Size, tile: Size): Grid {
  for (const [at, side] of [
    ["canvas.height", canvas.height],
    ["canvas.width", canvas.width],
    ["tile.height", tile.height],
    ["tile.width", tile.width],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > maxSide) {
      throw new GlamError("invalid-request", `${at} must be a whole number from 1 to ${maxSide}.`, { at });
    }
  }
  const rows = Math.ceil(canvas.height / tile.height);
  const cols = Math.ceil(canvas.width / tile.width);
  if (rows * cols > maxTiles) {
    const detail = `The grid would have ${rows} x ${cols} tiles; at most ${maxTiles} are accepted. Use larger tiles.`;
    throw new GlamError("invalid-request", detail, { at: "tile" });
  }
  return { canvas, tile, rows, cols };
}

/** Whether the grid has a tile at this place. */
export const inGrid = (grid: Grid, row: number, col: number): boolean =>
  Number.isInteger(row) && Number.isInteger(col) && row >= 0 && col >= 0 && row < grid.rows && col < grid.cols;

/** Name of a tile's form part, which is also how errors say where they are. */
export const tileName = (row: number, col: number): string => `tile-${row}-${col}`;

/**
 * Where a tile lies on the canvas, in canvas pixels.
 * @throws GlamError `tile-outside-grid`
 */
export function tileBox(grid: Grid, row: number, col: number): Box {
  if (!inGrid(grid, row, col)) {
    const detail = `There is no tile in row ${row}, column ${col}: the grid has ${grid.rows} rows and ${grid.cols} columns, counted from 0.`;
    throw new GlamError("tile-outside-grid", detail, { at: tileName(row, col) });
  }
  const top = row * grid.tile.height;
  const left = col * grid.tile.width;
  return {
    top,
    left,
    height: Math.min(grid.tile.height, grid.canvas.height - top),
    width: Math.min(grid.tile.width, grid.canvas.width - left),
  };
}
