/**
 * @module
 * A form's tiles to one canvas, tile by tile, each compressed tile dropped when it is decoded.
 */

import { type Grid, makeGrid, tileBox } from "../../contract/grid.ts";
import type { SegmentationRequest } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Size, Spec } from "../../glam/spec.ts";
import { type AssembledCanvas, createAssembler } from "../tiles/assemble.ts";
import { decodeTile } from "../tiles/decode.ts";
import type { SegmentationForm } from "./form.ts";

/** @returns size of the largest tile */
export const largestTile = ({ single }: SegmentationForm, { tile }: SegmentationRequest, spec: Spec): Size =>
  single || tile === undefined ? spec.canvas : tile;

/**
 * The grid that a request's tiles lie on.
 * @param single whether the image is one tile as large as the canvas
 * @throws GlamError `canvas-mismatch` when it is not the model's canvas, `invalid-request` when there are too many tiles
 */
export function requestedGrid(
  request: Pick<SegmentationRequest, "canvas" | "tile">,
  spec: Spec,
  single: boolean,
): Grid {
  const { height, width } = spec.canvas;
  const { canvas = spec.canvas, tile = spec.canvas } = request;
  if (canvas.height !== height || canvas.width !== width) {
    const detail = `The model works on a canvas of ${height} x ${width} pixels, the request says ${canvas.height} x ${canvas.width}. Preprocess the image for this model.`;
    throw new GlamError("canvas-mismatch", detail, { at: "request" });
  }
  return makeGrid(spec.canvas, single ? spec.canvas : tile);
}

/**
 * Decodes and assembles the image.
 * @param bitsKnown told of the bits of a pixel before the canvas is made
 * @throws GlamError `canvas-mismatch`, and everything that tiles can be refused for
 */
export function readImage(
  form: SegmentationForm,
  request: SegmentationRequest,
  spec: Spec,
  signal: AbortSignal,
  bitsKnown: (bits: 8 | 16) => void,
): AssembledCanvas {
  const grid = requestedGrid(request, spec, form.single);
  const assembler = createAssembler(grid);
  let first = true;
  for (let next = form.tiles.shift(); next !== undefined; next = form.tiles.shift()) {
    signal.throwIfAborted();
    const { name, row, col, bytes, mediaType } = next;
    const tile = decodeTile(bytes, mediaType, tileBox(grid, row, col), name);
    if (first) bitsKnown(tile.bits);
    first = false;
    assembler.place(row, col, tile);
  }
  return assembler.finish();
}
