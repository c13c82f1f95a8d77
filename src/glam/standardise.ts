/**
 * @module
 * Zero mean and unit variance over the whole canvas, padding included.
 */
import type { Canvas, NetworkImage, Standardisation } from "./contracts.ts";

/** The smallest divisor, which bounds the values of a nearly constant image. */
const MINIMUM_STD = 1e-5;

/**
 * Mean and standard deviation (divisor N) of all pixels, background included. Grey levels are counted first: the sums
 * then have at most 65536 terms, which keeps them exact enough for a canvas of any size, and a constant image has std 0.
 */
export function measureStandardisation({ pixels }: Pick<Canvas, "pixels">): Standardisation {
  const counts = new Uint32Array(levelsOf(pixels));
  // An iterator would take ten times as long.
  for (let i = 0; i < pixels.length; i++) counts[pixels[i]]++;
  return standardisationOfLevels(counts, pixels.length);
}

/** @returns how many grey levels the pixels can have */
export const levelsOf = (pixels: Canvas["pixels"]): number => (pixels instanceof Uint8Array ? 256 : 65536);

/**
 * @param counts how often each grey level occurs
 * @param length number of pixels, the sum of the counts
 */
export function standardisationOfLevels(counts: Uint32Array, length: number): Standardisation {
  let sum = 0;
  for (let level = 0; level < counts.length; level++) sum += level * counts[level];
  const mean = sum / length;
  let squares = 0;
  for (let level = 0; level < counts.length; level++) squares += counts[level] * (level - mean) ** 2;
  return { mean, std: Math.sqrt(squares / length) };
}

/** @returns what standardised levels are divided by: max(std, 1e-5) */
export const divisorOf = ({ std }: Standardisation): number => Math.max(std, MINIMUM_STD);

/**
 * x = (pixel - mean) / max(std, 1e-5), by a table of all grey levels.
 * @param pixels raw grey levels, any layout
 * @returns Float32Array of the same length and layout
 */
export function standardise(pixels: Uint8Array | Uint16Array, standardisation: Standardisation): Float32Array {
  const divisor = divisorOf(standardisation);
  const levels = Float32Array.from(
    { length: levelsOf(pixels) },
    (_, level) => (level - standardisation.mean) / divisor,
  );
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) out[i] = levels[pixels[i]];
  return out;
}

/** @returns all values of a network's input at once, as float32 */
export const standardised = (image: NetworkImage): Float32Array =>
  image instanceof Float32Array ? image : standardise(image.pixels, image.standardisation);

/** @returns number of values */
export const imageLength = (image: NetworkImage): number =>
  image instanceof Float32Array ? image.length : image.pixels.length;
