/**
 * @module
 * The pixels as they are stored, whatever the transfer syntax. Codecs are loaded when a file needs them.
 */

import { decodeNative } from "../codecs/native.ts";
import { decodeRle } from "../codecs/rle.ts";
import type { DicomFile } from "../parse.ts";
import { unreadable } from "../problems.ts";
import { joinFragments } from "./fragments.ts";
import type { ImagePixel } from "./image-pixel.ts";

const UNDEFINED_LENGTH = 0xffffffff;

/**
 * @returns `[height, width]` row-major; bits above BitsStored are still there, negative values are two's complement
 * @throws GlamError `dicom-unreadable`, `dicom-not-supported`
 */
export async function storedPixels(file: DicomFile, image: ImagePixel): Promise<Uint8Array | Uint16Array> {
  const { pixelData, syntax } = file;
  const { bytes } = file.attributes;
  if (pixelData === undefined) throw unreadable("The DICOM file has no pixel data, or it is cut off before them.");
  const encapsulated = pixelData.length === UNDEFINED_LENGTH;
  if (encapsulated !== (syntax.encoding !== "native")) {
    throw unreadable("The DICOM file's pixel data are not stored as its transfer syntax says.");
  }
  const pixels = image.height * image.width;
  const bytesPerPixel = image.bitsAllocated === 8 ? 1 : 2;
  if (!encapsulated) {
    const value = bytes.subarray(pixelData.dataOffset, pixelData.dataOffset + pixelData.length);
    const swapped = (syntax.bigEndian ?? false) && (bytesPerPixel === 2 || pixelData.vr === "OW");
    return decodeNative(value, pixels, bytesPerPixel, swapped);
  }
  const frame = joinFragments(bytes, pixelData.dataOffset);
  switch (syntax.encoding) {
    case "jpeg":
      return (await import("../codecs/jpeg.ts")).decodeLossyJpeg(frame, image);
    case "jpeg-lossless":
      return (await import("../codecs/jpeg-lossless.ts")).decodeJpegLossless(frame, image);
    case "jpeg-ls":
      return (await import("../codecs/jpeg-ls.ts")).decodeJpegLs(frame, image);
    case "jpeg-2000":
      return (await import("../codecs/jpeg-2000.ts")).decodeJpeg2000(frame, image);
    default:
      return decodeRle(frame, pixels, bytesPerPixel);
  }
}
