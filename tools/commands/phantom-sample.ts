/**
 * @module
 * One training sample: pixels with the chest wall at the left, and nothing that says where a lesion is.
 */
import { generatePhantom, type View, viewOfSeed } from "../../src/phantom/index.ts";

export type SampleRequest = { index: number; seed: number; height: number; width: number };

export type Sample = {
  index: number;
  seed: number;
  view: View;
  benign: 0 | 1;
  malignant: 0 | 1;
  /** `[height, width]` row-major, 8 bits, right views mirrored. */
  pixels: Uint8Array<ArrayBuffer>;
};

/** Draws the sample of a seed. */
export function drawSample({ index, seed, height, width }: SampleRequest): Sample {
  const view = viewOfSeed(seed);
  // A right view is the exact mirror image of the left one, so mirroring it back is drawing the left one.
  const left = view.endsWith("MLO") ? "L-MLO" : "L-CC";
  const { pixels, labels } = generatePhantom({ seed, height, width, bits: 8, view: left });
  return { index, seed, view, ...labels, pixels: Uint8Array.from(pixels) };
}
