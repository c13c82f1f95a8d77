/**
 * @module
 * Zero mean and unit variance over the whole padded window (GLAM reference, section 1).
 */
import type { Canvas, Standardisation } from "./contracts.ts";

/** The smallest divisor, so that a nearly constant image does not explode. */
const MINIMUM_STD = 1e-5;

/**
 * Mean and standard deviation (divisor N) of all pixels, background included. Grey levels are counted first: the sums
 * then have at most 65536 terms, which keeps them exact enough for a canvas of any size, and a constant image has std 0.
 */
export function measureStandardisation({ pixels }: Pick<Canvas, "pixels">): Standardisation {
  const counts = new Uint32Array(pixels instanceof Uint8Array ? 256 : 65536);
  for (const pixel of pixels) counts[pixel]++;
  let sum = 0;
  for (let level = 0; level < counts.length; level++) sum += level * counts[level];
  const mean = sum / pixels.length;
  let squares = 0;
  for (let level = 0; level < counts.length; level++) squares += counts[level] * (level - mean) ** 2;
  return { mean, std: Math.sqrt(squares / pixels.length) };
}

/**
 * x = (pixel - mean) / max(std, 1e-5), by a table of all grey levels.
 * @param pixels raw grey levels, any layout
 * @returns Float32Array of the same length and layout
 */
export function standardise(pixels: Uint8Array | Uint16Array, { mean, std }: Standardisation): Float32Array {
  const divisor = Math.max(std, MINIMUM_STD);
  const levels = Float32Array.from(
    { length: pixels instanceof Uint8Array ? 256 : 65536 },
    (_, level) => (level - mean) / divisor,
  );
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) out[i] = levels[pixels[i]];
  return out;
}
