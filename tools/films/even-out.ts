/**
 * @module
 * Files that are padded or stretched: the same picture with pixels as wide as high.
 */
import { MAX_PIXELS } from "../../src/device/preprocess/check-image.ts";
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { resampleAxes, scaledLength } from "../../src/device/preprocess/resample.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Film } from "./film.ts";
import { cutImage, filledBox } from "./padding.ts";

/** Rows and columns that differ by no more than this share are not stretched. */
const SQUARE = 0.01;

/** An image whose rows and columns are equally far apart, and where a point of the file lies in it. */
export type Even = {
  image: GreyImage;
  spacing: number | undefined;
  at(x: number, y: number): { x: number; y: number };
  /** Its pixels per pixel of the file. */
  scale: { row: number; column: number };
};

/**
 * Takes padding off; where rows and columns are not equally far apart, goes to the canvas's spacing along both.
 * @param header what the file says of its spacing
 * @param wanted the canvas's spacing
 * @throws GlamError `image-unreadable` when that would be too large
 */
export function evenOut(file: GreyImage, film: Film, header: number | undefined, wanted: number): Even {
  const box = film.padded ? filledBox(file) : { top: 0, left: 0, height: file.height, width: file.width };
  const image = film.padded ? cutImage(file, box) : file;
  const { spacing } = film;
  if (spacing === undefined || Math.abs(spacing.row / spacing.column - 1) <= SQUARE) {
    return {
      image,
      spacing: spacing?.row ?? header,
      at: (x, y) => ({ x: x - box.left - 0.5, y: y - box.top - 0.5 }),
      scale: { row: 1, column: 1 },
    };
  }
  const scale = { row: spacing.row / wanted, column: spacing.column / wanted };
  if (scaledLength(image.height, scale.row) * scaledLength(image.width, scale.column) > MAX_PIXELS) {
    throw new GlamError("image-unreadable", "The image is too large at the canvas's spacing.");
  }
  return {
    image: resampleAxes(image, scale.row, scale.column),
    spacing: wanted,
    at: (x, y) => ({ x: (x - box.left) * scale.column - 0.5, y: (y - box.top) * scale.row - 0.5 }),
    scale,
  };
}
