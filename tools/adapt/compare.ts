/**
 * @module
 * An adapted model beside its original on phantoms: whether it finds lesions at all, not how good it is on the site's images.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { figuresOf } from "../evaluate/figures.ts";
import { judge } from "../evaluate/judge.ts";
import { GLAM, inProcess } from "../evaluate/methods.ts";
import { nearestThreshold } from "../evaluate/overlap.ts";
import { phantomCases } from "../evaluate/phantom-cases.ts";

/** A range of seeds that nothing else uses. */
const FIRST_SEED = 44_000_000;

/** Figures that are compared, as `glam evaluate` calls them. A loss of the decisive ones beyond the bound means that lesions are lost. */
const DECISIVE = ["auc.malignant", "pointing"];
const SHOWN = [...DECISIVE, "dice.benign", "dice.malignant"];

/** Figures of the original and of the adapted model by name; those that so few phantoms cannot give are left out. */
export type Comparison = { phantoms: number; before: Record<string, number>; after: Record<string, number> };

/** @param progress gets how many of the images are done, of `2 * phantoms` */
export async function compareOnPhantoms(
  original: Bundle,
  adapted: Pick<Bundle, "files">,
  phantoms: number,
  progress: (done: number) => void,
): Promise<Comparison> {
  const { spec, threshold, hysteresis } = original.manifest;
  const measure = async (files: Bundle["files"], done: number) => {
    const method = await inProcess({ ...original, files });
    try {
      const cases = phantomCases(spec, FIRST_SEED, phantoms);
      const report = (own: number) => progress(done + own);
      const judged = await judge(cases, [method], report, { threshold, hysteresis }, false);
      const figures = figuresOf(judged, GLAM, nearestThreshold(threshold));
      const known = SHOWN.map((name) => [name, figures.get(name) ?? Number.NaN] as const);
      return Object.fromEntries(
        known.flatMap(([name, value]) => (Number.isNaN(value) ? [] : [[name, Math.round(value * 1e4) / 1e4]])),
      );
    } finally {
      await method.release();
    }
  };
  return { phantoms, before: await measure(original.files, 0), after: await measure(adapted.files, phantoms) };
}

/** Decisive figures that are worse by more than `bound`, in words; empty if there are none. */
export const lossesBeyond = ({ before, after }: Comparison, bound: number): string =>
  DECISIVE.filter((name) => name in before && !(after[name] >= before[name] - bound))
    .map((name) => `${name} ${before[name]} -> ${after[name]}`)
    .join(", ");

/** @throws GlamError `invalid-request` when a decisive figure is worse by more than `bound` */
export function assertUsable(comparison: Comparison, bound: number): void {
  const figures = lossesBeyond(comparison, bound);
  if (figures === "") return;
  throw new GlamError(
    "invalid-request",
    `With these images the model loses more than ${bound} on phantoms (${figures}), so nothing is written. Are they mammograms of one ` +
      "site, not inverted? More of them may help; --bound allows a larger loss.",
    { at: "images" },
  );
}

/** @returns lines of a table */
export const comparisonLines = ({ phantoms, before, after }: Comparison): string[] => [
  `on ${phantoms} phantoms`.padEnd(24) + ["original", "adapted"].map((word) => word.padStart(10)).join(""),
  ...Object.keys(before).map(
    (name) => `  ${name}`.padEnd(24) + [before, after].map((figures) => figures[name].toFixed(3).padStart(10)).join(""),
  ),
];
