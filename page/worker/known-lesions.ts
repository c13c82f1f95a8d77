/**
 * @module
 * Outlines of lesions that are known, of phantoms and of outlined pictures.
 */
import type { Preprocessed } from "../../src/device/preprocess/index.ts";
import { traceContours } from "../../src/glam/contours.ts";
import { rowsOf } from "../../src/glam/fused-map.ts";
import type { Phantom } from "../../src/phantom/index.ts";
import { shapeWords } from "../samples/phantoms.ts";
import type { KnownLesion } from "./protocol.ts";

/** In pixels of the phantom. */
export const lesionsOfPhantom = ({ lesions }: Pick<Phantom, "lesions">): KnownLesion[] =>
  lesions.map(({ kind, sub, box: { top, left, height, width }, mask }) => ({
    kind,
    words: shapeWords[sub],
    rings: traceContours(rowsOf({ height, width, data: Float32Array.from(mask) }, 0), { threshold: 0.5 }).flatMap(
      ({ rings }) => rings.map((ring) => ring.map(([x, y]): [number, number] => [left + x, top + y])),
    ),
  }));

/** From pixels of the source to pixels of the canvas; corners of pixels, not centres. */
export const onCanvas = (known: readonly KnownLesion[], { toCanvas }: Pick<Preprocessed, "toCanvas">): KnownLesion[] =>
  known.map((lesion) => ({
    ...lesion,
    rings: lesion.rings.map((ring) =>
      ring.map(([x, y]): [number, number] => {
        const { row, col } = toCanvas(y - 0.5, x - 0.5);
        return [col + 0.5, row + 0.5];
      }),
    ),
  }));
