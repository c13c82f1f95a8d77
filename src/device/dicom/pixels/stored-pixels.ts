/**
 * @module
 * The pixels as they are stored, whatever the transfer syntax. Codecs are loaded when a file needs them.
 */

import type { Size } from "../../../glam/spec.ts";
import { type Attributes, word } from "../attributes.ts";
import type { Decoded } from "../codecs/decoded.ts";
import { decodeNative } from "../codecs/native.ts";
import { decodeRle } from "../codecs/rle.ts";
import type { DicomFile } from "../parse.ts";
import { unreadable } from "../problems.ts";
import type { PixelEncoding } from "../transfer-syntax.ts";
import { agreeWithStream } from "./agree-with-stream.ts";
import { joinFragments } from "./fragments.ts";
import type { ImagePixel } from "./image-pixel.ts";

const UNDEFINED_LENGTH = 0xffffffff;

/** Values `[height, width]` row-major, and the description by which to read them; see {@link agreeWithStream}. */
export type StoredPixels = { stored: Uint8Array | Uint16Array; image: ImagePixel };

/**
 * @returns bits above BitsStored are still there, negative values are two's complement
 * @throws GlamError `dicom-unreadable`, `dicom-not-supported`
 */
export async function storedPixels(file: DicomFile, image: ImagePixel): Promise<StoredPixels> {
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
    return { stored: decodeNative(value, pixels, bytesPerPixel, swapped), image };
  }
  const frame = joinFragments(bytes, pixelData.dataOffset);
  if (syntax.encoding === "rle") return { stored: decodeRle(frame, pixels, bytesPerPixel), image };
  const decoded = await decode(frame, image, syntax.encoding);
  return { stored: decoded.samples, image: agreeWithStream(image, decoded, hasOverlay(file.attributes)) };
}

async function decode(frame: Uint8Array, size: Size, encoding: PixelEncoding): Promise<Decoded> {
  switch (encoding) {
    case "jpeg":
      return (await import("../codecs/jpeg.ts")).decodeLossyJpeg(frame, size);
    case "jpeg-lossless":
      return (await import("../codecs/jpeg-lossless.ts")).decodeJpegLossless(frame, size);
    case "jpeg-ls":
      return (await import("../codecs/jpeg-ls.ts")).decodeJpegLs(frame, size);
    default:
      return (await import("../codecs/jpeg-2000.ts")).decodeJpeg2000(frame, size);
  }
}

/** Whether an overlay (groups 6000 to 601e) lies in the unused bits of the pixels (PS3.3 C.9.2, retired). */
const hasOverlay = (attributes: Attributes): boolean =>
  Array.from({ length: 16 }, (_, i) => `x60${(2 * i).toString(16).padStart(2, "0")}0102` as const).some(
    (tag) => (word(attributes, tag) ?? 0) > 0,
  );
