/**
 * @module
 * Images at another scale: area averaging down, bilinear up, one axis after the other.
 */
import type { GreyImage } from "./types.ts";

/** For every output sample the first input sample and the weights of it and its successors; the weights add up to 1. */
type Taps = { first: Int32Array; weights: Float32Array; count: number };

/** Rows or columns that `length` samples become at a scale. */
export const scaledLength = (length: number, scale: number): number => Math.max(1, Math.round(length * scale));

/** Output sample i has its centre at (i + 0.5) / scale - 0.5 of the input. */
function makeTaps(length: number, scale: number): Taps {
  const out = scaledLength(length, scale);
  const reach = Math.max(1, 1 / scale);
  const count = Math.ceil(reach) + 1;
  const first = new Int32Array(out);
  const weights = new Float32Array(out * count);
  for (let i = 0; i < out; i++) {
    const centre = (i + 0.5) / scale - 0.5;
    // Down: the part of each input pixel that the output pixel covers. Up: the same with a cover of one input pixel,
    // which is linear interpolation.
    const low = centre - reach / 2;
    first[i] = Math.floor(low + 0.5);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const at = first[i] + k;
      const cover = Math.min(low + reach, at + 0.5) - Math.max(low, at - 0.5);
      const weight = at >= 0 && at < length ? Math.max(0, cover) : 0;
      weights[i * count + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) {
      if (sum > 0) weights[i * count + k] /= sum;
    }
    // The rounded size can put the last sample's whole cover beyond the input.
    if (sum === 0) [first[i], weights[i * count]] = [length - 1, 1];
  }
  return { first, weights, count };
}

/** @param scale output pixels per input pixel; 1 gives the image itself */
export const resample = (image: GreyImage, scale: number): GreyImage => resampleAxes(image, scale, scale);

/** Rows and columns each at a scale of their own, which undoes the stretching of a file. */
export function resampleAxes(image: GreyImage, rowScale: number, columnScale: number): GreyImage {
  if (rowScale === 1 && columnScale === 1) return image;
  const columns = makeTaps(image.width, columnScale);
  const rows = makeTaps(image.height, rowScale);
  const [height, width] = [rows.first.length, columns.first.length];
  const pixels = image.bits === 8 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  const sums = new Float32Array(image.width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < rows.count; k++) {
      const weight = rows.weights[y * rows.count + k];
      if (weight === 0) continue;
      const start = (rows.first[y] + k) * image.width;
      for (let x = 0; x < image.width; x++) sums[x] += weight * image.pixels[start + x];
    }
    for (let x = 0; x < width; x++) {
      let value = 0;
      for (let k = 0; k < columns.count; k++) {
        const weight = columns.weights[x * columns.count + k];
        if (weight !== 0) value += weight * sums[columns.first[x] + k];
      }
      pixels[y * width + x] = Math.round(value);
    }
  }
  return { height, width, bits: image.bits, pixels };
}
