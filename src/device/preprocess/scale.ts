/**
 * @module
 * From the source's pixels to the canvas's.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Size, Spec } from "../../glam/spec.ts";
import { MAX_PIXELS } from "./check-image.ts";
import { scaledLength } from "./resample.ts";
import type { PreprocessWarning } from "./types.ts";

/** Scales this near 1 are 1: resampling would blur and gain nothing. */
const SAME = 0.01;

/** An image is not enlarged more than this; the detail that the networks look for is not there. */
const LARGEST = 4;

/**
 * Canvas pixels per source pixel.
 * @param pixelSpacing side of a source pixel, mm
 * @throws GlamError `invalid-request`, `image-too-small`, `image-unreadable`
 */
export function chooseScale(
  image: Size,
  spec: Spec,
  pixelSpacing: number | undefined,
): { scale: number; warnings: PreprocessWarning[] } {
  if (pixelSpacing !== undefined && !(Number.isFinite(pixelSpacing) && pixelSpacing > 0)) {
    throw new GlamError("invalid-request", "The pixel spacing must be a positive number of mm.");
  }
  const exact = pixelSpacing === undefined ? spec.canvas.height / image.height : pixelSpacing / spec.pixelSpacing;
  const scale = Math.abs(exact - 1) <= SAME ? 1 : exact;
  const [height, width] = [scaledLength(image.height, scale), scaledLength(image.width, scale)];
  const needed = 2 * spec.preprocess.erosion + 1;
  if (scale > LARGEST || Math.min(height, width) < needed) {
    throw new GlamError(
      "image-too-small",
      `${image.height} x ${image.width} pixels become ${height} x ${width} at the scale of the canvas (${scale.toFixed(2)}); ` +
        `at least ${needed} along each side are needed, and a scale of ${LARGEST} at most.`,
    );
  }
  if (height * width > MAX_PIXELS) {
    throw new GlamError("image-unreadable", `At the scale of the canvas the image has ${height} x ${width} pixels.`);
  }
  const unknown = pixelSpacing === undefined && image.height !== spec.canvas.height;
  return { scale, warnings: unknown ? [spacingWarning(scale)] : [] };
}

const spacingWarning = (scale: number): PreprocessWarning => ({
  code: "pixel-spacing-unknown",
  detail: `No pixel spacing was given: the height of the image was taken for the canvas's (scale ${scale.toFixed(3)}).`,
});
