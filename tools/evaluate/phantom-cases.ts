/**
 * @module
 * The phantoms that models are judged on: fixed by their seeds, which no training, calibration or demo uses.
 */
import type { Spec } from "../../src/glam/spec.ts";
import { drawPhantom } from "../dataset/phantom-sample.ts";
import type { TestCase } from "./test-case.ts";

/** First seeds of the sets; thresholds are chosen on `validation`, figures are reported on `test`. */
export const phantomSets = { test: 7_000_000, validation: 6_000_000 } as const;
export type PhantomSet = keyof typeof phantomSets;

/** Images of the test set that figures are reported on. */
export const TEST_COUNT = 200;

/** Phantoms with random lesions: a quarter without a lesion, most with one, some with two or three; views in turn. */
export function* phantomCases(spec: Spec, first: number, count: number): Generator<TestCase> {
  for (let seed = first; seed < first + count; seed++) {
    const { view, height, width, pixels, labels, lesions, pixelSpacing } = drawPhantom({ seed, ...spec.canvas });
    yield {
      patient: String(seed),
      view,
      canvas: { height, width, pixels },
      labels: { benign: labels.benign === 1, malignant: labels.malignant === 1 },
      lesions,
      placed: { benign: true, malignant: true },
      pixelSpacing,
    };
  }
}
