/**
 * @module
 * From the answer's canvas pixels back to the source image.
 */

import { decodeBase64 } from "../../bytes/base64.ts";
import { decodePng } from "../../codecs/png/decode-png.ts";
import type { ProbabilityMap } from "../../contract/answer.ts";
import type { Ring } from "../../glam/contours.ts";
import type { Box } from "../../glam/contracts.ts";
import type { Size } from "../../glam/spec.ts";
import type { Preprocessed } from "../preprocess/index.ts";
import { notTheService } from "./answer-check.ts";

/** What maps points between canvas and source. */
type Mapping = Pick<Preprocessed, "toSource" | "toCanvas" | "mirrored">;

/**
 * A map of an answer or an event.
 * @returns `[height, width]` row-major, round(255 * probability)
 * @throws ConnectionError `unexpected-answer` when it is damaged
 */
export function decodeMap({ height, width, data }: ProbabilityMap): Uint8Array {
  try {
    const { pixels } = decodePng(decodeBase64(data), { height, width }, "saliency");
    if (pixels instanceof Uint8Array) return pixels;
  } catch {
    // The same error as for 16 bits.
  }
  throw notTheService();
}

/**
 * A map of the whole canvas on the grid of the source image; 0 where the canvas has nothing. Takes the nearest cell.
 * @param values `[canvas.height, canvas.width]` row-major, e.g. of {@link decodeMap}
 * @param source size of the source image
 * @returns `[source.height, source.width]` row-major
 */
export function mapToSource(
  values: Uint8Array,
  { canvas, toCanvas }: Pick<Preprocessed, "canvas" | "toCanvas">,
  source: Size,
): Uint8Array {
  // Rows and columns are mapped apart: preprocessing scales, mirrors and shifts, and turns nothing.
  const columns = Int32Array.from({ length: source.width }, (_, col) => Math.round(toCanvas(0, col).col));
  const out = new Uint8Array(source.height * source.width);
  for (let row = 0; row < source.height; row++) {
    const y = Math.round(toCanvas(row, 0).row);
    if (y < 0 || y >= canvas.height) continue;
    for (let col = 0; col < source.width; col++) {
      const x = columns[col];
      if (x >= 0 && x < canvas.width) out[row * source.width + col] = values[y * canvas.width + x];
    }
  }
  return out;
}

/**
 * A ring of a contour in the source image: `[x, y]` corners, where pixel (0, 0) reaches from 0 to 1. An outer ring stays clockwise
 * on the screen, mirrored or not.
 */
export function ringToSource(ring: Ring, { toSource, mirrored }: Mapping): Ring {
  const mapped = ring.map(([x, y]): [number, number] => {
    // Points count from the centre of pixel (0, 0), corners from its edge.
    const { row, col } = toSource(y - 0.5, x - 0.5);
    return [col + 0.5, row + 0.5];
  });
  return mirrored ? mapped.reverse() : mapped;
}

/** A box in the source image, in fractions of pixels; may reach outside. */
export function boxToSource({ top, left, height, width }: Box, mapping: Mapping): Box {
  const corners: Ring = [
    [left, top],
    [left + width, top + height],
  ];
  const [[x0, y0], [x1, y1]] = ringToSource(corners, mapping);
  return { top: Math.min(y0, y1), left: Math.min(x0, x1), height: Math.abs(y1 - y0), width: Math.abs(x1 - x0) };
}
