/**
 * @module
 * What goes into preprocessing and what comes out.
 */
import type { Box, Canvas } from "../../glam/contracts.ts";
import type { View } from "../../glam/view.ts";

/** One grey image: raw pixels `[height, width]` row-major, 0 to 2^bits - 1. 8 bits are bytes, 9 to 16 are 16-bit words. */
export type GreyImage = { height: number; width: number; bits: number; pixels: Uint8Array | Uint16Array };

/** The edge of the image at which the breast meets the body. */
export type ChestWall = "left" | "right";

/** How the background becomes 0: it is already, or it is the background of a scanned film. */
export type Background = "zero" | "film";

export type PreprocessOptions = {
  /** Only its projection matters: CC views are padded at top and bottom, MLO views at the bottom. */
  view: View;
  /** Default `auto`: found in the pixels. */
  chestWall?: ChestWall | "auto";
  /** Side of a pixel of the source, mm. Without it the height of the image is taken for the height of the canvas. */
  pixelSpacing?: number;
  /** Default `auto`. `zero` is what GLAM's published code does: foreground = pixels > 0. */
  background?: Background | "auto";
};

/** A point in pixels; pixel (0, 0) has its centre at row 0, column 0. */
export type Point = { row: number; col: number };

/** What preprocessing did. */
export type PreprocessSteps = {
  background: Background;
  chestWall: ChestWall;
  /** Thresholds of the film path, in the unit of the source's pixels; missing on the zero path. */
  film?: { box: Box; background: number; foreground: number; marker: number };
  /** The crop around the breast, before mirroring, in source pixels (rounded outwards, clipped to the source). */
  crop: Box;
  /** The crop in pixels of the mirrored image at canvas scale. */
  scaledCrop: Box;
  /** Column of the rightmost foreground below the crop's top third, in `scaledCrop`. */
  rightmost: number;
  /** Canvas pixel (r, c) is pixel (r + row, c + col) of `scaledCrop`; negative numbers are padding. */
  window: Point;
};

/** A warning for the caller. */
export type PreprocessWarning = {
  code: "pixel-spacing-unknown" | "film-background-removed" | "breast-outside-window";
  detail: string;
};

export type Preprocessed = {
  /** Network orientation: the breast grows from the left edge to the right; background 0. */
  canvas: Canvas;
  /** Bits of the canvas, those of the source. */
  bits: number;
  /** Whether the canvas is a mirror image of the source. */
  mirrored: boolean;
  /** Canvas pixels per source pixel. */
  scale: number;
  /** Side of a canvas pixel in mm, when the source's is known. */
  pixelSpacing: number | undefined;
  steps: PreprocessSteps;
  warnings: PreprocessWarning[];
  /** Centre of a canvas pixel in source pixels; may lie outside the source, where the canvas is padding. */
  toSource(row: number, col: number): Point;
  /** The inverse of `toSource`. */
  toCanvas(row: number, col: number): Point;
};
