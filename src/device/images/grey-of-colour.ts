/**
 * @module
 * Grey pixels out of interleaved channels, where that loses nothing.
 */
import { unreadable } from "./unreadable.ts";

export const hasColours = () =>
  unreadable("The image has colours; mammograms are grey. A screenshot or a heat map cannot be judged.");

/**
 * @param data `[count, channels]` row-major; grey, grey and alpha, RGB, or RGB and alpha
 * @param opaque value of alpha that is opaque
 * @returns `[count]`, the type of `data`
 * @throws GlamError `image-unreadable` when a pixel is coloured or not opaque
 */
export function greyOfColour<T extends Uint8Array | Uint16Array>(data: T, channels: number, opaque: number): T {
  if (channels === 1) return data;
  const grey = (
    data instanceof Uint8Array ? new Uint8Array(data.length / channels) : new Uint16Array(data.length / channels)
  ) as T;
  for (let i = 0, at = 0; i < grey.length; i++, at += channels) {
    grey[i] = data[at];
    if (channels >= 3 && (data[at] !== data[at + 1] || data[at] !== data[at + 2])) {
      throw hasColours();
    }
    if (channels % 2 === 0 && data[at + channels - 1] !== opaque) {
      throw unreadable("The image is transparent in places; export it without an alpha channel.");
    }
  }
  return grey;
}
