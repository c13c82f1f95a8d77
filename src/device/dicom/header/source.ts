/**
 * @module
 * What a Segmentation object must repeat of its source: patient, study, references. Stays on the side of the caller.
 */
import type { Size } from "../../../glam/spec.ts";
import { type Attributes, decimals, rawValue, string, type Tag } from "../attributes.ts";
import type { Laterality } from "./view.ts";

/** One attribute as it is in the source, in the source's character set. */
export type CopiedAttribute = { tag: number; vr: string; value: Uint8Array };

/**
 * Opaque: made by {@link readDicom}, needed by the Segmentation writer. It holds the patient's name; it is never sent, and
 * can be cloned to a Web Worker.
 */
export type DicomSource = Size & {
  copied: CopiedAttribute[];
  studyUid: string | undefined;
  seriesUid: string | undefined;
  sopClassUid: string | undefined;
  sopInstanceUid: string | undefined;
  frameOfReferenceUid: string | undefined;
  laterality: Laterality | undefined;
  /** Row and column spacing of PixelSpacing or ImagerPixelSpacing, mm. */
  spacing: [number, number] | undefined;
};

/** Patient and study, and the direction of rows and columns, which the Segmentation shares. */
const COPIED: [Tag, string][] = [
  ["x00080005", "CS"],
  ["x00080020", "DA"],
  ["x00080030", "TM"],
  ["x00080050", "SH"],
  ["x00080090", "PN"],
  ["x00081030", "LO"],
  ["x00100010", "PN"],
  ["x00100020", "LO"],
  ["x00100021", "LO"],
  ["x00100030", "DA"],
  ["x00100040", "CS"],
  ["x00101010", "AS"],
  ["x00200010", "SH"],
  ["x00200020", "CS"],
];

/** Longest value that is copied; names and descriptions are far shorter. */
const MAX_VALUE = 1024;

export function readSource(attributes: Attributes, size: Size, laterality: Laterality | undefined): DicomSource {
  const copied: CopiedAttribute[] = [];
  for (const [tag, vr] of COPIED) {
    const value = rawValue(attributes, tag);
    if (value === undefined || value.length > MAX_VALUE) continue;
    copied.push({ tag: Number.parseInt(tag.slice(1), 16), vr, value: value.slice() });
  }
  const [row, column] =
    (["x00280030", "x00181164"] as const)
      .map((tag) => decimals(attributes, tag))
      .find((values) => values.length === 2 && values.every((value) => value > 0)) ?? [];
  return {
    ...size,
    copied,
    studyUid: string(attributes, "x0020000d"),
    seriesUid: string(attributes, "x0020000e"),
    sopClassUid: string(attributes, "x00080016"),
    sopInstanceUid: string(attributes, "x00080018"),
    frameOfReferenceUid: string(attributes, "x00200052"),
    laterality,
    spacing: row === undefined ? undefined : [row, column],
  };
}
