/**
 * @module
 * One training sample: pixels with the chest wall at the left, and nothing that says where a lesion is.
 */
import {
  generatePhantom,
  implantLesions,
  type LesionKind,
  type Phantom,
  type View,
  viewOfSeed,
} from "../../src/phantom/index.ts";

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
  /** With `lesionsEach` 1: lesions as they are drawn into films, of more kinds and less clear than those of phantoms. */
  filmLesions?: boolean;
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

/** What a data set is made of: `count` samples, of which the first has that seed. */
export type SampleSeries = Omit<SampleRequest, "index"> & { count: number };

/** Its samples from number `from` on. Image i has the seed `seed + i`; with `lesionsEach` four images in a row share one. */
export function* sampleRequests(series: SampleSeries, from = 0): Generator<SampleRequest> {
  const { count, seed, height, width, lesionsEach, filmLesions } = series;
  for (let index = from; index < count; index++) {
    yield {
      index,
      seed: seed + (lesionsEach === undefined ? index : Math.floor(index / 4)),
      height,
      width,
      ...(lesionsEach === undefined ? {} : { lesionsEach }),
      ...(filmLesions ? { filmLesions } : {}),
    };
  }
}

/** The lesions of a sample; undefined leaves them to its seed. */
export const lesionsOf = ({ index, lesionsEach }: SampleRequest): LesionKind[] | undefined =>
  lesionsEach === undefined ? undefined : lesionsInTurn(index, lesionsEach);

/** The phantom of a sample, its lesions sampled when left out. A right view is the exact mirror image of the left one, so mirroring it back is drawing the left one. */
export function drawPhantom(
  { seed, height, width }: Pick<SampleRequest, "seed" | "height" | "width">,
  lesions?: readonly LesionKind[],
): Phantom {
  const view = viewOfSeed(seed).endsWith("MLO") ? "L-MLO" : "L-CC";
  return generatePhantom({ seed, height, width, bits: 8, view, ...(lesions && { lesions }) });
}

/** Draws one sample. */
export function drawSample(request: SampleRequest): Sample {
  const { index, seed, filmLesions } = request;
  const view = viewOfSeed(seed);
  const kinds = lesionsOf(request);
  if (filmLesions && kinds !== undefined) {
    const normal = drawPhantom(request, []);
    const pixels = implantLesions(normal, normal.pixelSpacing, seed, kinds);
    // Where there is no room for them all, there is none.
    if (pixels === undefined) return { index, seed, view, ...normal.labels, pixels: Uint8Array.from(normal.pixels) };
    const has = (kind: LesionKind) => (kinds.includes(kind) ? 1 : 0);
    return { index, seed, view, benign: has("benign"), malignant: has("malignant"), pixels };
  }
  const { pixels, labels } = drawPhantom(request, kinds);
  return { index, seed, view, ...labels, pixels: Uint8Array.from(pixels) };
}

/** None, benign, malignant, or both classes, in turn. */
export function lesionsInTurn(index: number, each: number): LesionKind[] {
  const of = (kind: LesionKind, present: boolean) => Array.from({ length: present ? each : 0 }, () => kind);
  return [...of("benign", index % 2 === 1), ...of("malignant", index % 4 >= 2)];
}
