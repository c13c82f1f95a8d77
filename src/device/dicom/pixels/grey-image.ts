/**
 * @module
 * Stored pixels to a grey image whose background is 0.
 */
import type { GreyImage } from "../../preprocess/types.ts";
import { type Attributes, word } from "../attributes.ts";
import { unreadable } from "../problems.ts";
import type { GreyScale } from "./grey-scale.ts";
import type { ImagePixel } from "./image-pixel.ts";

/** The share of pixels below black: dead pixels do not say where black is. */
const OUTLIERS = 1e-4;

/** A grey image, and the file's window in its unit. */
export type GreyMammogram = { image: GreyImage; window: { low: number; high: number } | undefined };

/**
 * Overlays in unused bits are masked, pixel padding becomes 0, the darkest level becomes 0. Where padding marks the
 * background, what is not padding stays above it.
 * @param stored `[height, width]`, as {@link storedPixels} gives them
 * @throws GlamError `dicom-unreadable` when all pixels are padding
 */
export function makeGreyImage(
  stored: Uint8Array | Uint16Array,
  image: ImagePixel,
  scale: GreyScale,
  attributes: Attributes,
): GreyMammogram {
  const codes = 2 ** image.bitsStored;
  const mask = codes - 1;
  const shift = image.highBit + 1 - image.bitsStored;
  const histogram = new Uint32Array(codes);
  for (let i = 0; i < stored.length; i++) histogram[(stored[i] >> shift) & mask]++;

  const isPadding = paddingRange(attributes, image);
  const value = (code: number) => (image.signed && 2 * code >= codes ? code - codes : code);
  const brightness = Float64Array.from({ length: codes }, (_, code) => scale.brightness(value(code)));
  const padded = Uint8Array.from({ length: codes }, (_, code) => (isPadding(value(code)) ? 1 : 0));
  const used = Array.from(histogram.keys()).filter((code) => histogram[code] > 0 && padded[code] === 0);
  if (used.length === 0) throw unreadable("Every pixel of the DICOM image is padding.");
  const hasPadding = histogram.some((count, code) => count > 0 && padded[code] === 1);

  const low = darkest(used, brightness, histogram, OUTLIERS * stored.length);
  const base = !hasPadding ? low : scale.natural ? 0 : low - 1;
  const high = used.reduce((most, code) => Math.max(most, brightness[code]), base);
  const needed = scale.natural ? scale.bits : Math.ceil(Math.log2(high - base + 1));
  const bits = Math.min(16, Math.max(8, needed));
  const top = 2 ** bits - 1;
  const levels = Uint16Array.from(brightness, (bright, code) =>
    padded[code] === 1 ? 0 : Math.min(top, Math.max(0, bright - base)),
  );
  const pixels = bits === 8 ? new Uint8Array(stored.length) : new Uint16Array(stored.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = levels[(stored[i] >> shift) & mask];
  const window = scale.window && { low: scale.window[0] - base, high: scale.window[1] - base };
  return { image: { height: image.height, width: image.width, bits, pixels }, window };
}

/** The darkest brightness that more than `outliers` pixels do not exceed. */
function darkest(used: number[], brightness: Float64Array, histogram: Uint32Array, outliers: number): number {
  const order = used.toSorted((a, b) => brightness[a] - brightness[b]);
  let seen = 0;
  for (const code of order) {
    seen += histogram[code];
    if (seen > outliers) return brightness[code];
  }
  return brightness[order[0]];
}

/** PixelPaddingValue and PixelPaddingRangeLimit, both in stored values (PS3.3 C.7.5.1.1.2). */
function paddingRange(attributes: Attributes, { signed }: ImagePixel): (value: number) => boolean {
  const first = word(attributes, "x00280120", signed);
  if (first === undefined) return () => false;
  const second = word(attributes, "x00280121", signed) ?? first;
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  return (value) => value >= low && value <= high;
}
