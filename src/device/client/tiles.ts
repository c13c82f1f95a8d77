/**
 * @module
 * Cutting a canvas into the tiles that are worth sending.
 */

import { makeGrid, tileBox } from "../../contract/grid.ts";
import type { Canvas } from "../../glam/contracts.ts";
import type { Size } from "../../glam/spec.ts";

/** One tile's raw grey pixels, `[height, width]` row-major, and its place in the grid. */
export type CutTile = Size & { row: number; col: number; pixels: Uint8Array | Uint16Array };

/**
 * Cuts along the grid that the service uses; tiles of the last row and column end where the canvas ends.
 * @param options.skipBlank leaves out tiles that are background (0) everywhere; the service fills them in
 * @example cutTiles(canvas, { height: 512, width: 512 }, { skipBlank: true })
 */
export function cutTiles(canvas: Canvas, tile: Size, options: { skipBlank: boolean }): CutTile[] {
  const grid = makeGrid({ height: canvas.height, width: canvas.width }, tile);
  const tiles: CutTile[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let col = 0; col < grid.cols; col++) {
      const { top, left, height, width } = tileBox(grid, row, col);
      const pixels =
        canvas.pixels instanceof Uint8Array ? new Uint8Array(height * width) : new Uint16Array(height * width);
      for (let y = 0; y < height; y++) {
        const from = (top + y) * canvas.width + left;
        pixels.set(canvas.pixels.subarray(from, from + width), y * width);
      }
      if (!options.skipBlank || pixels.some((pixel) => pixel !== 0)) tiles.push({ row, col, height, width, pixels });
    }
  }
  return tiles;
}
