/**
 * @module
 * Left views into right views.
 */
import type { Lesion } from "./types.ts";

/** Mirrors the columns of `[height, width]` row-major pixels into a new array. */
export function mirrorPixels<T extends Uint8Array | Uint16Array>(pixels: T, width: number): T {
  const out = pixels.slice() as T;
  for (let start = 0; start < out.length; start += width) out.subarray(start, start + width).reverse();
  return out;
}

/** Mirrors a lesion's mask, box and centre in an image `width` pixels wide. */
export function mirrorLesion(lesion: Lesion, width: number): Lesion {
  const { box, centre, mask } = lesion;
  return {
    ...lesion,
    mask: mirrorPixels(mask, box.width),
    box: { ...box, left: width - box.left - box.width },
    centre: { row: centre.row, col: width - 1 - centre.col },
  };
}
