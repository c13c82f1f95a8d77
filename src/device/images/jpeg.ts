/**
 * @module
 * JPEG files: baseline and progressive, 8 bits; colour where every pixel is grey.
 */
import decode from "jpeg-js/lib/decoder.js";
import { isFrame } from "../../codecs/jpeg/frame.ts";
import { marker, segments } from "../../codecs/jpeg/segments.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { greyOfColour } from "./grey-of-colour.ts";
import { checkSize, unreadable } from "./unreadable.ts";

/** jpeg-js keeps coefficients, lines and colours of every component at once. */
const MAX_MEMORY_MB = 4096;

/** @throws GlamError `image-unreadable`; other errors when the file is damaged */
export function decodeJpegFile(bytes: Uint8Array): GreyImage {
  const frames = [...segments(bytes, "image")].filter(({ marker: code }) => isFrame(code));
  if (frames.length !== 1) throw unreadable("The JPEG needs exactly one frame.");
  const { marker: code, payload } = frames[0];
  if (code > marker.sof2 || payload[0] !== 8) {
    throw unreadable("The JPEG is lossless, arithmetic or has more than 8 bits; save it as PNG.");
  }
  const height = (payload[1] << 8) | payload[2];
  const width = (payload[3] << 8) | payload[4];
  checkSize(height, width);
  const { data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: (height * width + 1) / 1e6,
    maxMemoryUsageInMB: MAX_MEMORY_MB,
  });
  return { height, width, bits: 8, pixels: greyOfColour(data, 3, 255) };
}
