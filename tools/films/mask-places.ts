/**
 * @module
 * Mask files to polygons.
 */
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import type { Mask } from "../../src/device/preprocess/morphology.ts";
import { type Contour, traceContours } from "../../src/glam/contours.ts";

/** A 4-connected area of a mask: its polygon, corners along pixel edges, and its pixels. */
export type MaskArea = { points: [x: number, y: number][]; area: number; box: Contour["box"] };

/** The pixels brighter than half of the mask's brightest, which bears JPEG's noise and masks of 0 and 1 alike. */
export function lesionPixels({ height, width, pixels }: GreyImage): Mask {
  let top = 0;
  for (const pixel of pixels) if (pixel > top) top = pixel;
  return { height, width, data: Uint8Array.from(pixels, (pixel) => (2 * pixel > top ? 1 : 0)) };
}

/** The outlines of a mask's areas; holes are filled. */
export function maskAreas({ height, width, data }: Mask): MaskArea[] {
  const row = new Float32Array(width);
  const rows = {
    height,
    width,
    row(y: number) {
      row.set(data.subarray(y * width, (y + 1) * width));
      return row;
    },
    repeats: () => false,
  };
  return traceContours(rows, { threshold: 0.5 }).map(({ areaPixels, box, rings: [outer] }) => ({
    points: outer.slice(0, -1),
    area: areaPixels,
    box,
  }));
}
