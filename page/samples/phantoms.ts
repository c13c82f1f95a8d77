/**
 * @module
 * The phantoms that the page offers. They are made in the browser; nothing is downloaded.
 */
import type { LesionShape } from "../../src/phantom/index.ts";
import type { SampleOptions } from "../worker/protocol.ts";
import type { Sample } from "./sample.ts";

/** Names of the lesions' shapes. */
export const shapeWords: Record<LesionShape, string> = {
  round: "round mass",
  oval: "oval mass",
  lobulated: "lobulated mass",
  irregular: "irregular mass",
  spiculated: "spiculated mass",
  calcifications: "cluster of calcifications",
};

const images = (...phantoms: SampleOptions[]): Sample["images"] => phantoms.map((phantom) => ({ phantom }));

/** Lesions are named as `shapeWords` has them, each with its class behind it. */
export const phantomSamples: readonly Sample[] = [
  {
    id: "two-lesions",
    title: "Two lesions",
    text: "Left MLO: a spiculated mass (malignant) and an oval mass (benign)",
    images: images({ seed: 31, view: "L-MLO", lesions: ["malignant", "benign"] }),
  },
  {
    id: "film",
    title: "Scanned film",
    text: "Right CC with border, label and fog to clean up: a cluster of calcifications (malignant)",
    images: images({ seed: 21, view: "R-CC", lesions: ["malignant"], framed: true }),
  },
  {
    id: "no-lesion",
    title: "No lesion",
    text: "Left CC; what an ordinary image gives",
    images: images({ seed: 5, view: "L-CC", lesions: [] }),
  },
  {
    id: "four-views",
    title: "Four views",
    text: "One woman's examination: a spiculated mass (malignant) in both views of the left breast, none in the right one",
    images: images(
      { seed: 51, view: "R-CC", lesions: [], exam: true },
      { seed: 51, view: "L-CC", lesions: ["malignant"], exam: true },
      { seed: 51, view: "R-MLO", lesions: [], exam: true },
      { seed: 51, view: "L-MLO", lesions: ["malignant"], exam: true },
    ),
  },
];

/** A sample with a random seed. */
export function randomSample(random: () => number = Math.random): Sample {
  const seed = Math.floor(random() * 2 ** 32);
  const views = ["L-CC", "L-MLO", "R-CC", "R-MLO"] as const;
  return { id: "random", title: `Phantom ${seed}`, text: "", images: images({ seed, view: views[seed % 4] }) };
}
