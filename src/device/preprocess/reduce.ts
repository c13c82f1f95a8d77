/**
 * @module
 * A small picture of a large image: films are judged at this size, where noise and scratches have gone.
 */
import type { GreyImage } from "./types.ts";

/** Longest side of the small picture. */
const SIDE = 512;

/** Share of the brightest pixels that may saturate. */
const SATURATED = 0.002;

/**
 * `levels` is `[height, width]` row-major, 0 (darkest pixel of the image) to 255; `factor` source pixels make one of its
 * pixels along each axis; a level is `unit` grey values of the source, level 0 is `floor`.
 */
export type Thumbnail = {
  height: number;
  width: number;
  factor: number;
  floor: number;
  unit: number;
  levels: Uint8Array;
};

/** Means over squares of `factor` x `factor` pixels, `[height, width]`; the last row and column may have smaller ones. */
export function squareMeans(
  { height, width, pixels }: Pick<GreyImage, "height" | "width" | "pixels">,
  factor: number,
): { height: number; width: number; means: Float32Array } {
  const small = { height: Math.ceil(height / factor), width: Math.ceil(width / factor) };
  const means = new Float32Array(small.height * small.width);
  for (let y = 0, i = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++, i++) {
      const bottom = Math.min(height, (y + 1) * factor);
      const right = Math.min(width, (x + 1) * factor);
      let sum = 0;
      for (let v = y * factor; v < bottom; v++) for (let u = x * factor; u < right; u++) sum += pixels[v * width + u];
      means[i] = sum / ((bottom - y * factor) * (right - x * factor));
    }
  }
  return { ...small, means };
}

/** The image in small, as levels between its darkest and nearly its brightest square. */
export function reduce(image: GreyImage): Thumbnail {
  const factor = Math.ceil(Math.max(image.height, image.width) / SIDE);
  const { means, ...small } = squareMeans(image, factor);
  const sorted = means.slice().sort();
  const floor = sorted[0];
  const top = sorted[Math.floor((sorted.length - 1) * (1 - SATURATED))];
  const unit = Math.max(top - floor, 1e-6) / 255;
  const levels = new Uint8Array(means.length);
  for (let i = 0; i < levels.length; i++) levels[i] = Math.min(255, Math.round((means[i] - floor) / unit));
  return { ...small, factor, floor, unit, levels };
}
