/**
 * @module
 * A form's tiles to one canvas, tile by tile, each compressed tile dropped when it is decoded.
 */
import { GlamError } from "../glam/problem.ts";
import type { Spec } from "../glam/spec.ts";
import { type AssembledCanvas, createAssembler } from "../tiles/assemble.ts";
import { decodeTile } from "../tiles/decode.ts";
import { type Grid, makeGrid, tileBox } from "../tiles/grid.ts";
import type { SegmentationForm } from "./form.ts";
import type { SegmentationRequest } from "./schemas.ts";

/**
 * The grid that a request's tiles lie on.
 * @param single whether the image is one tile as large as the canvas
 * @throws GlamError `canvas-mismatch` when it is not the model's canvas, `invalid-request` when there are too many tiles
 */
export function requestedGrid(request: SegmentationRequest, spec: Spec, single: boolean): Grid {
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
 * @throws GlamError `canvas-mismatch`, and everything that tiles can be refused for
 */
export function readImage(
  form: SegmentationForm,
  request: SegmentationRequest,
  spec: Spec,
  signal: AbortSignal,
): AssembledCanvas {
  const grid = requestedGrid(request, spec, form.single);
  const assembler = createAssembler(grid);
  for (let next = form.tiles.shift(); next !== undefined; next = form.tiles.shift()) {
    signal.throwIfAborted();
    const { name, row, col, bytes, mediaType } = next;
    assembler.place(row, col, decodeTile(bytes, mediaType, tileBox(grid, row, col), name));
  }
  return assembler.finish();
}
