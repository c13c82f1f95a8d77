/**
 * @module
 * The box around the breast, as in GLAM's published code.
 */
import type { Box } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Spec } from "../../glam/spec.ts";
import { largestComponent } from "./largest-component.ts";
import { dilate, erode, type Mask } from "./morphology.ts";

/** A box in the image, and the column of the rightmost foreground below the box's top third, counted in the box. */
export type BreastCrop = { box: Box; rightmost: number };

/**
 * Erosion, largest component, dilation, bounding box, buffer at top, bottom and right, clipped to the image. As in the
 * published code, what lies beyond the image counts as background, so the erosion also starts at the chest wall; the
 * dilation gives that back.
 * @param foreground the image in network orientation: the breast grows from left to right
 * @throws GlamError `breast-not-found` when nothing survives the erosion
 */
export function cropBreast(foreground: Mask, { erosion, buffer }: Spec["preprocess"]): BreastCrop {
  const core = largestComponent(erode(foreground, erosion, "empty"));
  if (core === undefined) {
    throw new GlamError(
      "breast-not-found",
      `Nothing in the image is ${2 * erosion + 1} pixels wide and high at the scale of the canvas.`,
    );
  }
  const { height, width, data } = dilate(core, erosion);
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      if (y < top) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  top = Math.max(0, top - buffer);
  bottom = Math.min(height - 1, bottom + buffer);
  const box = { top, left, height: bottom - top + 1, width: Math.min(width - 1, right + buffer) - left + 1 };
  let rightmost = -1;
  for (let y = top + Math.floor(box.height / 3); y <= bottom; y++) {
    for (let x = right; x > left + rightmost; x--) if (data[y * width + x] === 1) rightmost = x - left;
  }
  // A shape that ends above its own lower two thirds has no point there; its overall extent is the best there is.
  return { box, rightmost: rightmost < 0 ? right - left : rightmost };
}
