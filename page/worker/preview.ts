/**
 * @module
 * Small pictures of images.
 */

import { squareMeans } from "../../src/device/preprocess/reduce.ts";
import type { Size } from "../../src/glam/spec.ts";
import type { Preview } from "./protocol.ts";

/** Longest side, in pixels: sharp on a phone at the size they are shown. */
const SIDE = 440;

/** Share of the brightest pixels that may saturate. */
const SATURATED = 0.002;

/** Means over squares of pixels, the darkest as 0, nearly the brightest as 255. */
export function makePreview(image: Size & { pixels: Uint8Array | Uint16Array }): Preview {
  const factor = Math.max(1, Math.ceil(Math.max(image.height, image.width) / SIDE));
  const { means, ...small } = squareMeans(image, factor);
  const sorted = means.slice().sort();
  const low = sorted[0];
  const high = Math.max(low + 1e-6, sorted[Math.floor((sorted.length - 1) * (1 - SATURATED))]);
  return { ...small, levels: Uint8ClampedArray.from(means, (mean) => (255 * (mean - low)) / (high - low)) };
}
