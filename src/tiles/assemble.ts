/**
 * @module
 * Decoded tiles to one canvas.
 */
import type { Canvas } from "../glam/contracts.ts";
import type { DecodedTile } from "./decode.ts";
import type { Grid } from "./grid.ts";

/** Something the caller should know about an image that was accepted all the same. */
export type CanvasWarning = { code: "background-noisy"; detail: string };

/** A complete canvas: missing tiles are background (0); `tiles` counts the ones that came. */
export type AssembledCanvas = { canvas: Canvas; tiles: number; warnings: CanvasWarning[] };

/** Takes tiles in any order; see {@link createAssembler}. */
export type CanvasAssembler = {
  /** @throws GlamError `tile-outside-grid`, `tile-duplicate`, `tile-wrong-size`, `tile-bit-depth` (mixed) */
  place(row: number, col: number, tile: DecodedTile): void;
  /** @throws GlamError `no-tiles`, `constant-image`, `background-not-zero` */
  finish(): AssembledCanvas;
};

/**
 * @example
 * const grid = makeGrid(spec.canvas, request.tile);
 * const assembler = createAssembler(grid);
 * const { height, width } = tileBox(grid, row, col);
 * assembler.place(row, col, decodeTile(bytes, mediaType, { height, width }, tileName(row, col)));
 * const { canvas, warnings } = assembler.finish();
 */
export declare function createAssembler(grid: Grid): CanvasAssembler;
