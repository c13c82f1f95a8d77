/**
 * @module
 * PNG files: grey 8 or 16 bits; palette and RGB where every pixel is grey.
 */
import { convertIndexedToRgb, decode } from "fast-png";
import { concatenate } from "../../bytes/concatenate.ts";
import { type Chunk, chunks, isAncillary } from "../../codecs/png/chunks.ts";
import { inflatedSize } from "../../codecs/png/inflated-size.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { greyOfColour } from "./grey-of-colour.ts";
import { checkSize, unreadable } from "./unreadable.ts";

/** Channels of each colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** @throws GlamError `image-unreadable`; other errors when the file is damaged */
export function decodePngFile(bytes: Uint8Array): GreyImage {
  // Text, profiles and the like are left out unread: they can be bombs, and they name patients.
  const kept = [...chunks(bytes, "image")].filter((chunk) => !isAncillary(chunk) || chunk.type === "tRNS");
  const header = checkHeader(kept[0]);
  const found = inflatedSize(
    kept.filter(({ type }) => type === "IDAT").map(({ data }) => data),
    header.inflated,
  );
  if (found !== header.inflated) throw unreadable("The PNG's image data are not as long as its header says.");
  const file = concatenate([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
  const png = decode(file, { checkCrc: true });
  if (png.transparency) throw unreadable("The PNG declares a transparent colour; export it without one.");
  const { height, width } = png;
  const data = png.palette ? convertIndexedToRgb(png) : png.data;
  if (data instanceof Uint16Array) {
    return { height, width, bits: 16, pixels: greyOfColour(data, png.channels, 65535) };
  }
  const channels = data.length / (height * width);
  return { height, width, bits: 8, pixels: greyOfColour(new Uint8Array(data), channels, 255) };
}

/** What the header says of the pixels, in bytes once inflated. */
function checkHeader(chunk: Chunk | undefined): { inflated: number } {
  if (chunk?.type !== "IHDR" || chunk.data.length !== 13) throw unreadable("The PNG does not begin with its header.");
  const view = new DataView(chunk.data.buffer, chunk.data.byteOffset, chunk.data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  checkSize(height, width);
  const [bits, colourType, , , interlace] = chunk.data.subarray(8);
  const channels = CHANNELS[colourType];
  if (channels === undefined || interlace > 1) throw unreadable("The PNG header is damaged.");
  if (interlace === 1) throw unreadable("The PNG is interlaced; save it without interlacing.");
  if (bits < 8 && colourType !== 3) throw unreadable(`The PNG has ${bits} bits a pixel; 8 or 16 are read.`);
  return { inflated: height * (1 + Math.ceil((width * channels * bits) / 8)) };
}
