/**
 * @module
 * Images that preprocessing refuses at once.
 */
import { GlamError } from "../../glam/problem.ts";
import type { GreyImage } from "./types.ts";

/** Most pixels of a source, and of what it becomes at canvas scale: beyond the largest detectors, short of a phone's memory. */
export const MAX_PIXELS = 120_000_000;

/** Fewest rows and columns of a source. */
export const MIN_SIDE = 32;

/** @throws GlamError `image-unreadable`, `image-too-small`, `constant-image` */
export function checkImage({ height, width, bits, pixels }: GreyImage): void {
  const sides = [height, width];
  if (!sides.every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new GlamError("image-unreadable", "Height and width of the image must be positive integers.");
  }
  if (height * width > MAX_PIXELS) {
    throw new GlamError("image-unreadable", `The image has ${height} x ${width} pixels; ${MAX_PIXELS} at most.`);
  }
  if (pixels.length !== height * width) {
    throw new GlamError(
      "image-unreadable",
      `${height} x ${width} pixels were announced and ${pixels.length} are there: the image is cut off or not grey.`,
    );
  }
  if (!Number.isInteger(bits) || bits < 8 || bits > 16 || pixels instanceof Uint8Array !== (bits === 8)) {
    throw new GlamError("image-unreadable", "Images have 8 bits in bytes, or 9 to 16 bits in 16-bit words.");
  }
  if (Math.min(height, width) < MIN_SIDE) {
    throw new GlamError("image-too-small", `The image has ${height} x ${width} pixels; each side needs ${MIN_SIDE}.`);
  }
  let low = pixels[0];
  let high = pixels[0];
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel < low) low = pixel;
    if (pixel > high) high = pixel;
  }
  if (high >= 2 ** bits) {
    throw new GlamError("image-unreadable", `A pixel is ${high}; images of ${bits} bits end at ${2 ** bits - 1}.`);
  }
  if (low === high) throw new GlamError("constant-image", `Every pixel is ${low}; there is nothing to see.`);
}
