/**
 * @module
 * The one error of reading image files, and what every format checks first.
 */
import { GlamError } from "../../glam/problem.ts";
import { MAX_PIXELS } from "../preprocess/check-image.ts";

export const unreadable = (detail: string, cause?: unknown): GlamError =>
  new GlamError("image-unreadable", detail, { cause });

/** Checks a header's size before anything is allocated for it. @throws GlamError `image-unreadable` */
export function checkSize(height: number, width: number): void {
  if (!(height >= 1 && width >= 1 && height * width <= MAX_PIXELS)) {
    throw unreadable(`The header says ${height} x ${width} pixels; 1 to ${MAX_PIXELS} pixels are read.`);
  }
}
