/**
 * @module
 * Takes off the black with which a file was padded to a square.
 */
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import type { Box } from "../../src/glam/contracts.ts";

/** Largest level of JPEG's noise in black. */
export const DARK = 10;

/** A line of the picture has more pixels than this that are not black. */
const NOISE = 2;

/** What is not black. The whole image when all is. */
export function filledBox({ height, width, pixels }: GreyImage): Box {
  const rows = new Uint32Array(height);
  const columns = new Uint32Array(width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (pixels[i] <= DARK) continue;
      rows[y]++;
      columns[x]++;
    }
  }
  const filled = (count: number) => count > NOISE;
  const [top, left] = [rows.findIndex(filled), columns.findIndex(filled)];
  if (top < 0 || left < 0) return { top: 0, left: 0, height, width };
  return {
    top,
    left,
    height: rows.findLastIndex(filled) - top + 1,
    width: columns.findLastIndex(filled) - left + 1,
  };
}

/** The box of an image, in memory of its own. */
export function cutImage({ bits, pixels, width }: GreyImage, box: Box): GreyImage {
  const cut = bits === 8 ? new Uint8Array(box.height * box.width) : new Uint16Array(box.height * box.width);
  for (let y = 0; y < box.height; y++) {
    const from = (box.top + y) * width + box.left;
    cut.set(pixels.subarray(from, from + box.width), y * box.width);
  }
  return { height: box.height, width: box.width, bits, pixels: cut };
}
