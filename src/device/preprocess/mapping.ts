/**
 * @module
 * From pixels of the canvas to pixels of the source and back.
 */
import type { Box } from "../../glam/contracts.ts";
import type { Point, Preprocessed } from "./types.ts";

/** What the two maps follow from. */
export type Placement = {
  /** Width of the source in pixels. */
  width: number;
  mirrored: boolean;
  /** Canvas pixels per source pixel. */
  scale: number;
  /** Crop at canvas scale, see `PreprocessSteps.scaledCrop`. */
  box: Pick<Box, "top" | "left">;
  /** See `PreprocessSteps.window`. */
  window: Point;
};

/** Both maps between centres of pixels. */
export function mapping({
  width,
  mirrored,
  scale,
  box,
  window,
}: Placement): Pick<Preprocessed, "toSource" | "toCanvas"> {
  return {
    toSource: (row, col) => {
      const x = (col + window.col + box.left + 0.5) / scale - 0.5;
      return { row: (row + window.row + box.top + 0.5) / scale - 0.5, col: mirrored ? width - 1 - x : x };
    },
    toCanvas: (row, col) => {
      const x = mirrored ? width - 1 - col : col;
      return {
        row: (row + 0.5) * scale - 0.5 - box.top - window.row,
        col: (x + 0.5) * scale - 0.5 - box.left - window.col,
      };
    },
  };
}
