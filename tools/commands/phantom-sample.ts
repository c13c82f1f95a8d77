/**
 * @module
 * One training sample: pixels with the chest wall at the left, and nothing that says where a lesion is.
 */
import { generatePhantom, type LesionKind, type View, viewOfSeed } from "../../src/phantom/index.ts";

export type SampleRequest = {
  index: number;
  seed: number;
  height: number;
  width: number;
  /**
   * So many lesions of each class that is present, for an easy start; four images in a row then show one breast without
   * lesions, with benign, with malignant, and with both. Sampled as usual when missing.
   */
  lesionsEach?: number;
};

export type Sample = {
  index: number;
  seed: number;
  view: View;
  benign: 0 | 1;
  malignant: 0 | 1;
  /** `[height, width]` row-major, 8 bits, right views mirrored. */
  pixels: Uint8Array<ArrayBuffer>;
};

/** Draws one sample. */
export function drawSample({ index, seed, height, width, lesionsEach }: SampleRequest): Sample {
  const view = viewOfSeed(seed);
  // A right view is the exact mirror image of the left one, so mirroring it back is drawing the left one.
  const left = view.endsWith("MLO") ? "L-MLO" : "L-CC";
  const lesions = lesionsEach === undefined ? {} : { lesions: lesionsInTurn(index, lesionsEach) };
  const { pixels, labels } = generatePhantom({ seed, height, width, bits: 8, view: left, ...lesions });
  return { index, seed, view, ...labels, pixels: Uint8Array.from(pixels) };
}

/** None, benign, malignant, or both classes, in turn. */
export function lesionsInTurn(index: number, each: number): LesionKind[] {
  const of = (kind: LesionKind, present: boolean) => Array.from({ length: present ? each : 0 }, () => kind);
  return [...of("benign", index % 2 === 1), ...of("malignant", index % 4 >= 2)];
}
