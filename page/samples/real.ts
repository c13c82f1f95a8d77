/**
 * @module
 * The real mammograms that the page offers, with the outlines that the set's authors drew. This deployment serves them.
 */
import benignMass from "../../samples/benign-mass.png";
import malignantMass from "../../samples/malignant-mass.png";
import described from "../../samples/samples.json" with { type: "json" };
import { isLesionKind, isView } from "./checks.ts";
import type { Sample } from "./sample.ts";

const urls: Record<string, string> = { "benign-mass.png": benignMass, "malignant-mass.png": malignantMass };

/** The attribution that the licence requires. */
export const credit = {
  text: "CDD-CESM, Khaled et al. 2021, The Cancer Imaging Archive, doi 10.7937/29kw-ae92",
  licence: "CC BY 4.0",
  changed: "brought to 0.17 mm a pixel, background set to 0",
};

export const realSamples: readonly Sample[] = described.map(({ file, title, text, view, pixelSpacing, lesions }) => {
  if (!isView(view) || urls[file] === undefined) throw new Error("samples.json and the page do not fit together.");
  const known = lesions.flatMap(({ kind, outline }) => {
    if (!isLesionKind(kind)) throw new Error("samples.json and the page do not fit together.");
    return [{ kind, words: "mass", rings: [outline.map(([x, y]): [number, number] => [x, y])] }];
  });
  return {
    id: file,
    title,
    text,
    images: [{ url: urls[file], view, pixelSpacing, facts: { known, background: "zero", kind: "digital" } }],
  };
});
