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

/** What one pass over an image finds. */
export type Survey = {
  /** Number of pixels that are 0. */
  zeros: number;
  brightest: number;
  /**
   * Share of zero pixels whose right neighbour is not 0. Only the rim of a clean background has such neighbours; noise of any
   * strength that is cut off at 0 has them everywhere.
   */
  ragged: number;
  /** Brightest pixel of each whole block of 16 x 16 pixels, `[rows, cols]`. */
  rows: number;
  cols: number;
  maxima: Uint16Array;
};

/** Looks at every pixel once. */
export function survey({ height, width, pixels }: Canvas): Survey {
  const [rows, cols] = [Math.floor(height / side), Math.floor(width / side)];
  const maxima = new Uint16Array(rows * cols);
  const isEmpty = emptyParts(pixels);
  let [zeros, atEnd, ragged, brightest] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    const blocks = Math.floor(y / side) * cols;
    let left = 1;
    for (let from = y * width, col = 0; from < end; from += side, col++) {
      const to = Math.min(from + side, end);
      if (to - from === side && isEmpty(from)) {
        zeros += side;
        left = 0;
        continue;
      }
      let most = 0;
      for (let i = from; i < to; i++) {
        const value = pixels[i];
        if (value === 0) zeros++;
        else if (left === 0) ragged++;
        if (value > most) most = value;
        left = value;
      }
      if (most > brightest) brightest = most;
      if (y < rows * side && col < cols && most > maxima[blocks + col]) maxima[blocks + col] = most;
    }
    if (left === 0) atEnd++;
  }
  const share = zeros === atEnd ? 0 : ragged / (zeros - atEnd);
  return { zeros, brightest, ragged: share, rows, cols, maxima };
}

/** @returns whether the 16 pixels from one on are known to be 0: several at a time, where words can be read */
function emptyParts(pixels: Canvas["pixels"]): (from: number) => boolean {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: bytes } = pixels;
  if (byteOffset % 4 !== 0) return () => false;
  const words = new Uint32Array(buffer, byteOffset, byteLength >> 2);
  return (from) => {
    const first = (from * bytes) / 4;
    if (!Number.isInteger(first)) return false;
    let any = 0;
    for (let i = first; i < first + 4 * bytes; i++) any |= words[i];
    return any === 0;
  };
}

/** Counts the blocks of 16 x 16 pixels that are background, and those of them that are not all 0. */
export function backgroundBlocks({
  rows,
  cols,
  maxima,
  brightest,
}: Pick<Survey, "rows" | "cols" | "maxima" | "brightest">): { background: number; noisy: number; all: number } {
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
