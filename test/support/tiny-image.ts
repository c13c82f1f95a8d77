/**
 * @module
 * Small images for the model glam-tiny, and forms that carry them. Runs in Node and in workerd.
 */

import { tileName } from "../../src/contract/grid.ts";
import type { SegmentationRequestInput } from "../../src/contract/index.ts";
import { encodeTile, type TileEncoding } from "../../src/device/client/encode.ts";
import type { EncodedTile } from "../../src/device/client/encode-tiles.ts";
import { cutTiles } from "../../src/device/client/tiles.ts";
import type { Canvas } from "../../src/glam/contracts.ts";

const HEIGHT = 128;
const WIDTH = 96;

/** Half an ellipse at the left edge with a bright spot and some texture; background 0. `seed` moves the spot. */
export function tinyCanvas(bits: 8 | 16, seed = 0): Canvas {
  const pixels = bits === 8 ? new Uint8Array(HEIGHT * WIDTH) : new Uint16Array(HEIGHT * WIDTH);
  const scale = bits === 8 ? 1 : 200;
  const spot = { y: 40 + ((seed * 13) % 48), x: 16 + ((seed * 7) % 24) };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      if (((y - 64) / 58) ** 2 + (x / 70) ** 2 > 1) continue;
      const bright = 120 * Math.exp(-((y - spot.y) ** 2 + (x - spot.x) ** 2) / 40);
      pixels[y * WIDTH + x] = Math.round(scale * (70 + 20 * Math.sin(x / 5) * Math.cos(y / 7) + bright));
    }
  }
  return { height: HEIGHT, width: WIDTH, pixels };
}

/** A tile size that leaves cropped tiles at the right and bottom edge. */
export const tinyTile = { height: 50, width: 40 };

/** The request that goes with {@link tinyForm}. */
export const tinyRequest: SegmentationRequestInput = {
  view: "L-MLO",
  canvas: { height: HEIGHT, width: WIDTH },
  tile: tinyTile,
  model: "glam-tiny",
};

/** The canvas in tiles, blank ones left out. */
export const tinyTiles = (canvas: Canvas, encoding: TileEncoding): EncodedTile[] =>
  cutTiles(canvas, tinyTile, { skipBlank: true }).map((tile) => ({
    row: tile.row,
    col: tile.col,
    ...encodeTile(tile, encoding),
  }));

/** A form with these tiles. */
export function tinyForm(canvas: Canvas, encoding: TileEncoding, request: object = {}): FormData {
  const form = new FormData();
  form.set("request", new Blob([JSON.stringify({ ...tinyRequest, ...request })], { type: "application/json" }));
  for (const { row, col, bytes, type } of tinyTiles(canvas, encoding)) {
    form.set(tileName(row, col), new Blob([bytes], { type }));
  }
  return form;
}

/** A form with the canvas as one part `image` and the least that a request must say. */
export function tinyImageForm(canvas: Canvas, encoding: TileEncoding, request: object = {}): FormData {
  const { bytes, type } = encodeTile(canvas, encoding);
  const form = new FormData();
  form.set("request", JSON.stringify({ view: "R-CC", ...request }));
  form.set("image", new Blob([bytes], { type }), "Doe, Jane 1961.png");
  return form;
}
