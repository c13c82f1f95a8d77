/**
 * @module
 * A compressed stream declares its own precision. Where the DICOM header states fewer bits than the samples need, the
 * stream counts: otherwise the upper bits would be cut off and the values wrap.
 */
import type { Decoded } from "../codecs/decoded.ts";
import { unreadable } from "../problems.ts";
import type { ImagePixel } from "./image-pixel.ts";

/**
 * The description by which the samples are to be read.
 * @param overlaid whether unused bits of a sample may hold an overlay (group 60xx with an OverlayBitPosition)
 * @throws GlamError `dicom-unreadable` when stream and header contradict each other and neither can be followed
 */
export function agreeWithStream(image: ImagePixel, decoded: Decoded, overlaid: boolean): ImagePixel {
  const { bitsStored, highBit, signed } = image;
  const { precision } = decoded;
  if (decoded.signed && !signed) {
    throw unreadable("The compressed samples are signed, and PixelRepresentation (0028,0103) says that they are not.");
  }
  // Samples that lie at the upper end of a word as wide as the stream's samples, or below an overlay: as the header says.
  if (precision > highBit && (overlaid || highBit >= bitsStored)) return image;
  // Signed samples carry their sign through the whole word.
  const streams = { ...image, bitsStored: precision, highBit: precision - 1 };
  if (decoded.signed) return streams;
  const largest = largestOf(decoded.samples);
  if (signed && precision < bitsStored && largest >= 2 ** (precision - 1)) {
    throw unreadable(
      "Samples are signed by the DICOM header and have fewer bits than its BitsStored (0028,0101): which are negative cannot be told.",
    );
  }
  const fits = largest < 2 ** bitsStored || (signed && signsFit(decoded, bitsStored));
  return fits ? { ...image, highBit: bitsStored - 1 } : streams;
}

/** Whether samples of an unsigned stream are negative numbers of `bits` bits whose sign fills the bits above. */
function signsFit({ samples, precision }: Decoded, bits: number): boolean {
  const [whole, half] = [2 ** precision, 2 ** (bits - 1)];
  return samples.every((sample) => sample < half || sample >= whole - half);
}

function largestOf(samples: Decoded["samples"]): number {
  let largest = 0;
  for (const sample of samples) if (sample > largest) largest = sample;
  return largest;
}
