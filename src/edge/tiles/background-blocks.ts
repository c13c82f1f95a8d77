/**
 * @module
 * How clean a background is, by blocks and by pixels. A block is background when it and its neighbours are dark, so that
 * the soft rim of the breast and the ringing that JPEG leaves within 8 pixels of it do not count.
 */
import type { Canvas } from "../../glam/contracts.ts";

/** Side of a block in pixels; more than the reach of JPEG's ringing. */
const side = 16;

/** A dark block has no pixel brighter than this share of the image's brightest one. */
const darkShare = 0.03;

/**
 * Share of zero pixels whose right neighbour is not 0. Only the rim of a clean background has such neighbours; noise of
 * any strength that is cut off at 0 has them everywhere.
 */
export function raggedShare({ height, width, pixels }: Canvas): number {
  let zeros = 0;
  let ragged = 0;
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width - 1; i++) {
      if (pixels[i] !== 0) continue;
      zeros++;
      if (pixels[i + 1] !== 0) ragged++;
    }
  }
  return zeros === 0 ? 0 : ragged / zeros;
}

/** Brightest pixel of each whole block, `[rows, cols]`. */
function blockMaxima({ height, width, pixels }: Canvas): { rows: number; cols: number; maxima: Uint16Array } {
  const [rows, cols] = [Math.floor(height / side), Math.floor(width / side)];
  const maxima = new Uint16Array(rows * cols);
  for (let y = 0; y < rows * side; y++) {
    for (let x = 0; x < cols * side; x++) {
      const block = Math.floor(y / side) * cols + Math.floor(x / side);
      const value = pixels[y * width + x];
      if (value > maxima[block]) maxima[block] = value;
    }
  }
  return { rows, cols, maxima };
}

/**
 * Counts the blocks of 16 x 16 pixels that are background, and those of them that are not all 0.
 * @param brightest the image's brightest pixel
 */
export function backgroundBlocks(
  canvas: Canvas,
  brightest: number,
): { background: number; noisy: number; all: number } {
  const { rows, cols, maxima } = blockMaxima(canvas);
  const limit = Math.max(1, darkShare * brightest);
  const counts = { background: 0, noisy: 0, all: rows * cols };
  const bright = (row: number, col: number) =>
    row >= 0 && col >= 0 && row < rows && col < cols && maxima[row * cols + col] > limit;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      let near = false;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) near ||= bright(row + dy, col + dx);
      if (near) continue;
      counts.background++;
      if (maxima[row * cols + col] > 0) counts.noisy++;
    }
  }
  return counts;
}
