/**
 * @module
 * Small pictures for people to look at.
 */
import type { Size } from "../../src/glam/spec.ts";
import type { Preview } from "./protocol.ts";

/** Longest side, in pixels: sharp on a phone at the size they are shown. */
const SIDE = 440;

/** Share of the brightest pixels that may saturate. */
const SATURATED = 0.002;

/** Means over squares of pixels, the darkest as 0, nearly the brightest as 255. */
export function makePreview({ height, width, pixels }: Size & { pixels: Uint8Array | Uint16Array }): Preview {
  const factor = Math.max(1, Math.ceil(Math.max(height, width) / SIDE));
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
  const sorted = means.slice().sort();
  const low = sorted[0];
  const high = Math.max(low + 1e-6, sorted[Math.floor((sorted.length - 1) * (1 - SATURATED))]);
  return { ...small, levels: Uint8ClampedArray.from(means, (mean) => (255 * (mean - low)) / (high - low)) };
}
