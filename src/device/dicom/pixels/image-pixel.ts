/**
 * @module
 * How the header describes the pixels (Image Pixel module), checked before anything is decoded.
 */
import { MAX_PIXELS } from "../../preprocess/check-image.ts";
import { type Attributes, decimal, string, word } from "../attributes.ts";
import { notSupported, unreadable } from "../problems.ts";

export type ImagePixel = {
  height: number;
  width: number;
  bitsAllocated: 8 | 16;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** Small values are bright (MONOCHROME1). */
  inverted: boolean;
};

/** @throws GlamError `dicom-unreadable` when a needed attribute is missing, `dicom-not-supported` for colour, frames, depths */
export function readImagePixel(attributes: Attributes): ImagePixel {
  const needed = (tag: `x${string}`, name: string): number => {
    const value = word(attributes, tag);
    if (value === undefined) throw unreadable(`The DICOM file has no image: ${name} is missing.`);
    return value;
  };
  const height = needed("x00280010", "Rows (0028,0010)");
  const width = needed("x00280011", "Columns (0028,0011)");
  if (height === 0 || width === 0) throw unreadable("The DICOM file has no image: Rows or Columns is 0.");
  if (height * width > MAX_PIXELS) {
    throw notSupported(`The image has ${height} x ${width} pixels; ${MAX_PIXELS} at most are read.`);
  }
  const frames = decimal(attributes, "x00280008") ?? 1;
  if (frames > 1) {
    throw notSupported(
      `The DICOM object has ${frames} frames, as tomosynthesis has. Give a single image: a mammogram or a synthesised view.`,
    );
  }
  const samples = word(attributes, "x00280002") ?? 1;
  const photometric = string(attributes, "x00280004");
  if (samples !== 1 || (photometric !== "MONOCHROME1" && photometric !== "MONOCHROME2")) {
    throw notSupported("The DICOM image is no grey image (MONOCHROME1 or MONOCHROME2 with one sample a pixel).");
  }
  const bitsAllocated = needed("x00280100", "BitsAllocated (0028,0100)");
  const bitsStored = word(attributes, "x00280101") ?? bitsAllocated;
  const highBit = word(attributes, "x00280102") ?? bitsStored - 1;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw notSupported(`The DICOM image has ${bitsAllocated} bits allocated; 8 and 16 are read.`);
  }
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit < bitsStored - 1) {
    throw unreadable("BitsAllocated, BitsStored and HighBit of the DICOM image contradict each other.");
  }
  const signed = (word(attributes, "x00280103") ?? 0) === 1;
  return { height, width, bitsAllocated, bitsStored, highBit, signed, inverted: photometric === "MONOCHROME1" };
}
