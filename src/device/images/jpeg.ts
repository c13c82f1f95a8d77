/**
 * @module
 * JPEG files: baseline and progressive, 8 bits; colour where every pixel is grey.
 */
import { hasColour } from "../../codecs/jpeg/colour-difference.ts";
import { decodeGrey, decodeRgb, decodingBytes } from "../../codecs/jpeg/decode-jpeg.ts";
import type { Frame } from "../../codecs/jpeg/frame.ts";
import { readJpeg } from "../../codecs/jpeg/read-jpeg.ts";
import { turned } from "../../codecs/orientation.ts";
import type { GreyImage } from "../preprocess/index.ts";
import { greyOfColour, hasColours } from "./grey-of-colour.ts";
import { checkSize, unreadable } from "./unreadable.ts";

/** Most bytes that a decoder takes for an image in colours, about 25 megapixels; it keeps all components at once. */
const MAX_COLOUR_BYTES = 512 * 2 ** 20;

/** @throws GlamError `image-unreadable`, and those of the reader when the file is damaged */
export function decodeJpegFile(bytes: Uint8Array): GreyImage {
  const jpeg = readJpeg(bytes, undefined, checkFrame);
  const { height, width, orientation } = jpeg;
  if (jpeg.frame.components.length === 3 && jpeg.colours === "ycc" && hasColour(jpeg)) throw hasColours();
  const grey = jpeg.frame.components.length === 1;
  const pixels = grey ? decodeGrey(jpeg, undefined) : greyOfColour(decodeRgb(jpeg, undefined), 3, 255);
  return turned({ height, width, bits: 8, pixels }, orientation);
}

/** Refuses by the header, before anything is decoded. */
function checkFrame(frame: Frame): void {
  const { height, width, precision, components } = frame;
  checkSize(height, width);
  if (precision !== 8) throw unreadable(`The JPEG has ${precision} bits a sample; save it as PNG.`);
  if (components.length === 1) return;
  if (components.length !== 3) {
    throw unreadable(`The JPEG has ${components.length} colour components, as CMYK has; mammograms are grey.`);
  }
  if (decodingBytes(frame) > MAX_COLOUR_BYTES) {
    throw unreadable(
      `The JPEG has ${height} x ${width} pixels in colours, too many to find out whether they are grey; save it as grey.`,
    );
  }
}
