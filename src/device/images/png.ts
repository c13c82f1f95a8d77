/**
 * @module
 * PNG files: grey 8 or 16 bits; palette and RGB where every pixel is grey.
 */
import { turned } from "../../codecs/orientation.ts";
import { decodeSamples } from "../../codecs/png/decode-png.ts";
import type { PngHeader } from "../../codecs/png/header.ts";
import { readPng } from "../../codecs/png/read-png.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { greyOfColour } from "./grey-of-colour.ts";
import { checkSize, unreadable } from "./unreadable.ts";

/** @throws GlamError `image-unreadable`, and those of the reader when the file is damaged */
export function decodePngFile(bytes: Uint8Array): GreyImage {
  // Text, profiles and the like are left out unread: they can be bombs, and they name patients.
  const png = readPng(bytes, undefined, (header, { transparent }) => {
    checkHeader(header);
    if (transparent) throw unreadable("The PNG declares a transparent colour; export it without one.");
  });
  const { height, width } = png.header;
  const samples = decodeSamples(png, undefined);
  const bits = samples instanceof Uint16Array ? 16 : 8;
  const pixels = greyOfColour(samples, samples.length / (height * width), 2 ** bits - 1);
  return turned({ height, width, bits, pixels }, png.orientation);
}

function checkHeader({ height, width, bits, colourType, interlaced }: PngHeader): void {
  checkSize(height, width);
  if (bits >= 8) return;
  if (colourType !== 3) throw unreadable(`The PNG has ${bits} bits a pixel; 8 or 16 are read.`);
  if (interlaced) throw unreadable(`The PNG is interlaced and has ${bits} bits a pixel; save it without interlacing.`);
}
