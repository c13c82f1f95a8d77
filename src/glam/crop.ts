/**
 * @module
 * Cuts a crop out of the canvas, as in GLAM's published code.
 */
import type { Canvas, Crop, Region, Standardisation } from "./contracts.ts";

/**
 * Copies the region's square out of the raw canvas. Where it reaches outside, the crop is filled with the image's
 * minimum and what exists is aligned to the bottom right, as published. Standardising is monotone, so filling raw pixels
 * with the raw minimum is the same as filling standardised ones with the standardised minimum.
 */
export function cutCrop(canvas: Canvas, region: Region, standardisation: Standardisation): Crop {
  const { top, left, height, width } = region.box;
  const pixels = canvas.pixels instanceof Uint8Array ? new Uint8Array(height * width) : new Uint16Array(height * width);
  const y0 = Math.max(0, top);
  const y1 = Math.min(canvas.height, top + height);
  const x0 = Math.max(0, left);
  const x1 = Math.min(canvas.width, left + width);
  const rows = Math.max(0, y1 - y0);
  const cols = Math.max(0, x1 - x0);
  if (rows < height || cols < width) pixels.fill(minimum(canvas.pixels));
  if (cols === 0) return { rank: region.rank, side: height, pixels, standardisation };
  for (let y = 0; y < rows; y++) {
    const from = (y0 + y) * canvas.width + x0;
    pixels.set(canvas.pixels.subarray(from, from + cols), (height - rows + y) * width + (width - cols));
  }
  return { rank: region.rank, side: height, pixels, standardisation };
}

/** The smallest grey level. */
function minimum(pixels: Uint8Array | Uint16Array): number {
  let min = 65535;
  for (let i = 0; i < pixels.length; i++) if (pixels[i] < min) min = pixels[i];
  return min;
}
