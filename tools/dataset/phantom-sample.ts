/**
 * @module
 * One training sample: pixels with the chest wall at the left, and which cells hold a lesion.
 */
import { classMask, generatePhantom, type Phantom, type View, viewOfSeed } from "../../src/phantom/index.ts";

/** Side of a cell in pixels. */
export const CELL = 4;
const BITS = { benign: 1, malignant: 2 } as const;

export type SampleRequest = { index: number; seed: number; height: number; width: number };

export type Sample = {
  index: number;
  seed: number;
  view: View;
  benign: 0 | 1;
  malignant: 0 | 1;
  /** `[height, width]` row-major, 8 bits, right views mirrored. */
  pixels: Uint8Array<ArrayBuffer>;
  /** `[height / 4, width / 4]`: 1 where the middle of a cell is in a benign lesion, 2 in a malignant one, 3 in both. */
  codes: Uint8Array<ArrayBuffer>;
};

/** A data set: `count` samples with consecutive seeds from `seed` on. */
export type SampleSeries = Omit<SampleRequest, "index"> & { count: number };

/** Its samples from number `from` on. Image i has the seed `seed + i`. */
export function* sampleRequests({ count, seed, height, width }: SampleSeries, from = 0): Generator<SampleRequest> {
  for (let index = from; index < count; index++) yield { index, seed: seed + index, height, width };
}

/** The phantom of a seed. A right view is the exact mirror image of the left one, so mirroring it back is drawing the left one. */
export function drawPhantom({ seed, height, width }: Pick<SampleRequest, "seed" | "height" | "width">): Phantom {
  const view = viewOfSeed(seed).endsWith("MLO") ? "L-MLO" : "L-CC";
  return generatePhantom({ seed, height, width, bits: 8, view });
}

/** Draws one sample. */
export function drawSample(request: SampleRequest): Sample {
  const phantom = drawPhantom(request);
  const { index, seed } = request;
  const pixels = Uint8Array.from(phantom.pixels);
  return { index, seed, view: viewOfSeed(seed), ...phantom.labels, pixels, codes: codesOf(phantom) };
}

function codesOf(phantom: Phantom): Uint8Array<ArrayBuffer> {
  const [rows, cols] = [Math.floor(phantom.height / CELL), Math.floor(phantom.width / CELL)];
  const codes = new Uint8Array(rows * cols);
  for (const kind of ["benign", "malignant"] as const) {
    if (phantom.labels[kind] === 0) continue;
    const mask = classMask(phantom, kind);
    codes.forEach((_, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      const middle = (CELL * row + CELL / 2) * phantom.width + CELL * col + CELL / 2;
      if (mask[middle] === 1) codes[i] |= BITS[kind];
    });
  }
  return codes;
}
