/**
 * @module
 * What the derivations draw with: images of 8 bits as float32 grey levels.
 */
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import type { Size } from "../../src/glam/spec.ts";

/** Grey levels of any size, `[height, width]` row-major; 0 to 255 are what an image of 8 bits can show. */
export type Raster = Size & { levels: Float32Array };

/** The level at a place, from its row and column. */
export type Level = (y: number, x: number) => number;

/** An image of which every pixel is asked for. */
export function draw({ height, width }: Size, level: Level): Raster {
  const levels = new Float32Array(height * width);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) levels[y * width + x] = level(y, x);
  return { height, width, levels };
}

/** Pixels as float32. */
export const rasterOf = ({ height, width, pixels }: Canvas): Raster => ({
  height,
  width,
  levels: Float32Array.from(pixels),
});

/** Rounded and clipped to 8 bits. */
export const imageOf = ({ height, width, levels }: Raster): GreyImage => ({
  height,
  width,
  bits: 8,
  pixels: Uint8Array.from(levels, (level) => Math.max(0, Math.min(255, Math.round(level)))),
});

/** Bilinear between pixels; `outside` beyond the edge. */
export function sampler({ height, width, levels }: Raster, outside = 0): Level {
  return (y, x) => {
    if (!(y >= 0 && x >= 0 && y <= height - 1 && x <= width - 1)) return outside;
    const [top, left] = [Math.min(height - 2, Math.floor(y)), Math.min(width - 2, Math.floor(x))];
    const [v, u] = [y - top, x - left];
    const at = top * width + left;
    const above = levels[at] * (1 - u) + levels[at + 1] * u;
    const below = levels[at + width] * (1 - u) + levels[at + width + 1] * u;
    return above * (1 - v) + below * v;
  };
}

/** About a Gaussian blur: means over `2 * radius + 1` pixels along each axis, three times. */
export function blur(image: Raster, radius: number): Raster {
  let { levels } = image;
  for (let pass = 0; pass < 3; pass++) {
    levels = means(levels, image.height, image.width, image.width, 1, radius);
    levels = means(levels, image.width, image.height, 1, image.width, radius);
  }
  return { ...image, levels };
}

/** Running means along lines of `length` pixels that lie `step` apart; lines begin `stride` apart. */
function means(from: Float32Array, lines: number, length: number, stride: number, step: number, radius: number) {
  const out = new Float32Array(from.length);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    const at = (k: number) => from[start + Math.max(0, Math.min(length - 1, k)) * step];
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += at(k);
    for (let k = 0; k < length; k++) {
      out[start + k * step] = sum / (2 * radius + 1);
      sum += at(k + radius + 1) - at(k - radius);
    }
  }
  return out;
}
