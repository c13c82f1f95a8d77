/**
 * @module
 * The phantoms that the page offers. They are made in the browser; no image is downloaded.
 */
import type { SampleOptions } from "../worker/protocol.ts";

/** A sample is one image or an examination of four. */
export type Sample = { id: string; title: string; text: string; images: SampleOptions[] };

export const samples: readonly Sample[] = [
  {
    id: "two-lesions",
    title: "Two lesions",
    text: "Left MLO with a malignant and a benign mass",
    images: [{ seed: 2, view: "L-MLO", lesions: ["malignant", "benign"] }],
  },
  {
    id: "film",
    title: "Scanned film",
    text: "Right CC with border, label and fog to clean up",
    images: [{ seed: 21, view: "R-CC", lesions: ["malignant"], framed: true }],
  },
  {
    id: "no-lesion",
    title: "No lesion",
    text: "Left CC; what an ordinary image gives",
    images: [{ seed: 5, view: "L-CC", lesions: [] }],
  },
  {
    id: "four-views",
    title: "Four views",
    text: "A whole examination with scores for each breast",
    images: [
      { seed: 41, view: "R-CC", lesions: [] },
      { seed: 42, view: "L-CC", lesions: ["malignant"] },
      { seed: 43, view: "R-MLO", lesions: [] },
      { seed: 44, view: "L-MLO", lesions: ["malignant", "benign"] },
    ],
  },
];

/** A sample that nobody has seen. */
export function randomSample(random: () => number = Math.random): Sample {
  const seed = Math.floor(random() * 2 ** 32);
  const views = ["L-CC", "L-MLO", "R-CC", "R-MLO"] as const;
  return { id: "random", title: `Phantom ${seed}`, text: "", images: [{ seed, view: views[seed % 4] }] };
}
