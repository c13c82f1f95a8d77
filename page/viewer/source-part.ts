/**
 * @module
 * The part of the original that a viewport shows: its own pixels when they are large, means over squares of them when they are
 * smaller than the screen's.
 */
import type { Box } from "../../src/glam/contracts.ts";
import type { Size } from "../../src/glam/spec.ts";

/** What a viewport shows of an image: screen pixels per image pixel, and where the image's corner lies on the screen. */
export type Seen = { scale: number; left: number; top: number; viewport: Size };

/** A part of the image in image pixels, and the side of the squares that become one pixel. */
export type Part = { box: Box; factor: number };

/** The part that is seen; undefined when nothing of the image is. The box is whole squares, but at the image's edges. */
export function visiblePart(image: Size, { scale, left, top, viewport }: Seen): Part | undefined {
  const factor = Math.max(1, Math.floor(1 / scale));
  const along = (start: number, screen: number, size: number): [from: number, to: number] => [
    Math.max(0, Math.floor(-start / scale / factor) * factor),
    Math.min(size, Math.ceil((screen - start) / scale / factor) * factor),
  ];
  const [x0, x1] = along(left, viewport.width, image.width);
  const [y0, y1] = along(top, viewport.height, image.height);
  if (x1 <= x0 || y1 <= y0) return undefined;
  return { box: { left: x0, top: y0, width: x1 - x0, height: y1 - y0 }, factor };
}

/**
 * Means over squares of a part.
 * @param image `[height, width]` row-major
 * @returns `[ceil(box.height / factor), ceil(box.width / factor)]`, grey values of the image
 */
export function meansOfPart(
  { width, pixels }: Size & { pixels: Uint8Array | Uint16Array },
  { box, factor }: Part,
): Size & { pixels: Uint16Array } {
  const size = { height: Math.ceil(box.height / factor), width: Math.ceil(box.width / factor) };
  const out = new Uint16Array(size.height * size.width);
  const sums = new Float64Array(size.width);
  for (let row = 0; row < size.height; row++) {
    sums.fill(0);
    const rows = Math.min(factor, box.height - row * factor);
    for (let y = 0; y < rows; y++) {
      const start = (box.top + row * factor + y) * width + box.left;
      for (let col = 0, x = 0; col < size.width; col++) {
        const end = Math.min(x + factor, box.width);
        for (; x < end; x++) sums[col] += pixels[start + x];
      }
    }
    for (let col = 0; col < size.width; col++) {
      const columns = Math.min(factor, box.width - col * factor);
      out[row * size.width + col] = Math.round(sums[col] / (rows * columns));
    }
  }
  return { ...size, pixels: out };
}
