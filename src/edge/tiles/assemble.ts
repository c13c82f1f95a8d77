/**
 * @module
 * Decoded tiles to one canvas.
 */

import type { DecodedTile } from "../../codecs/decoded-tile.ts";
import { checkTileSize } from "../../codecs/header-checks.ts";
import { type Grid, tileBox, tileName } from "../../contract/grid.ts";
import type { Canvas } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { type CanvasWarning, checkBackground } from "./background.ts";

/** A complete canvas: missing tiles are background (0); `tiles` counts the ones that came. */
export type AssembledCanvas = { canvas: Canvas; tiles: number; warnings: CanvasWarning[] };

/** Takes tiles in any order; see {@link createAssembler}. */
export type CanvasAssembler = {
  /** @throws GlamError `tile-outside-grid`, `tile-duplicate`, `tile-wrong-size`, `tile-bit-depth` (mixed) */
  place(row: number, col: number, tile: DecodedTile): void;
  /** @throws GlamError `no-tiles`, `constant-image`, `background-not-zero`, `orientation-unclear` */
  finish(): AssembledCanvas;
};

/** Whether every pixel has the same value. */
const isConstant = (pixels: Uint8Array | Uint16Array): boolean => pixels.every((value) => value === pixels[0]);

/**
 * One canvas of the grid's size; it is allocated with the first tile, in that tile's bit depth.
 * @example
 * const grid = makeGrid(spec.canvas, request.tile);
 * const assembler = createAssembler(grid);
 * const { height, width } = tileBox(grid, row, col);
 * assembler.place(row, col, decodeTile(bytes, mediaType, { height, width }, tileName(row, col)));
 * const { canvas, warnings } = assembler.finish();
 */
export function createAssembler(grid: Grid): CanvasAssembler {
  const { height, width } = grid.canvas;
  const placed = new Set<string>();
  let pixels: Uint8Array | Uint16Array | undefined;

  function place(row: number, col: number, tile: DecodedTile): void {
    const at = tileName(row, col);
    const box = tileBox(grid, row, col);
    if (placed.has(at)) throw new GlamError("tile-duplicate", `There are two tiles for ${at}.`, { at });
    checkTileSize(tile, box, at);
    pixels ??= tile.bits === 8 ? new Uint8Array(height * width) : new Uint16Array(height * width);
    const bits = 8 * pixels.BYTES_PER_ELEMENT;
    if (bits !== tile.bits) {
      const detail = `The tile has ${tile.bits} bits a pixel and an earlier one ${bits}; all tiles of an image have the same.`;
      throw new GlamError("tile-bit-depth", detail, { at });
    }
    for (let y = 0; y < box.height; y++) {
      pixels.set(tile.pixels.subarray(y * box.width, (y + 1) * box.width), (box.top + y) * width + box.left);
    }
    placed.add(at);
  }

  function finish(): AssembledCanvas {
    if (!pixels) throw new GlamError("no-tiles", "The request has no tile; send at least one.");
    if (isConstant(pixels)) {
      throw new GlamError(
        "constant-image",
        "All pixels of the image have the same value, so there is nothing to judge.",
      );
    }
    const canvas: Canvas = { height, width, pixels };
    return { canvas, tiles: placed.size, warnings: checkBackground(canvas) };
  }

  return { place, finish };
}
