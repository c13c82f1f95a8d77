/**
 * @module
 * Measurements of one method's answer to one image, against the image's truth.
 */
import type { Box } from "../../src/glam/contracts.ts";
import { type MarkedImage, marksOf } from "./free-response.ts";
import { type Cut, diceByShare, type Outline, outlinesOf } from "./outlines.ts";
import { measureOverlap, type Overlap } from "./overlap.ts";
import { type ByteMap, highestPlace } from "./peaks.ts";
import { holds, type Kind, kinds, type TestCase, unionOf } from "./test-case.ts";

/** A method's answer. Maps at canvas size. */
export type Output = { scores: Record<Kind, number>; maps: Record<Kind, ByteMap>; regions?: readonly Box[] };

/** Measurements of one image. */
export type Measurement = {
  scores: Record<Kind, number>;
  /** Missing for a class that the image does not have, or whose places are not known. */
  overlap: Partial<Record<Kind, Overlap>>;
  /** Whether the map's largest value lies in a lesion of the class; missing likewise. */
  pointing: Partial<Record<Kind, boolean>>;
  /** Missing only where places of the class are not known. */
  marks: Partial<Record<Kind, MarkedImage>>;
  /** Lesions, and those whose centre some region holds. */
  regions?: { lesions: Record<Kind, number>; held: Record<Kind, number> };
  /** Malignant; missing where places are not known or outlines were not asked for. */
  outlines?: Outline[];
  /** Dice for each of `SHARES`; missing likewise. */
  diceByShare?: Partial<Record<Kind, number[]>>;
  /** Share of the map's sum on pixels that are background, by class. */
  outside: Record<Kind, number>;
};

/** How far around its first pixel a plateau belongs to a map's largest value, mm. */
const PLATEAU_RADIUS = 7;

/** Compares a method's answer with the truth. @param outlined whether to measure single outlines too, which takes longer */
export function measure(test: TestCase, output: Output, cut: Cut, outlined = false): Measurement {
  const result: Measurement = {
    scores: output.scores,
    overlap: {},
    pointing: {},
    marks: {},
    outside: { benign: 0, malignant: 0 },
  };
  for (const kind of kinds) {
    const map = output.maps[kind];
    result.outside[kind] = shareOutside(map.data, test.canvas.pixels);
    if (!test.placed[kind]) continue;
    const lesions = test.lesions.filter((lesion) => lesion.kind === kind);
    const lesionAt = (row: number, col: number) => lesions.findIndex((lesion) => holds(lesion, row, col));
    result.marks[kind] = { lesions: lesions.length, at: marksOf(map, cut.hysteresis, lesionAt) };
    if (!test.labels[kind]) continue;
    result.overlap[kind] = measureOverlap(map, unionOf(test, kind), cut.hysteresis);
    if (outlined) {
      result.diceByShare = { ...result.diceByShare, [kind]: diceByShare(map, cut.threshold, unionOf(test, kind)) };
    }
    const highest = highestPlace(map, Math.round(PLATEAU_RADIUS / test.pixelSpacing));
    result.pointing[kind] = highest !== undefined && lesionAt(highest.row, highest.col) >= 0;
  }
  if (outlined && test.placed.malignant) {
    const lesions = unionOf(test, "malignant");
    result.outlines = outlinesOf(output.maps.malignant, cut, lesions, test.pixelSpacing);
  }
  if (output.regions) result.regions = regionRecall(test, output.regions);
  return result;
}

function regionRecall(test: TestCase, regions: readonly Box[]): NonNullable<Measurement["regions"]> {
  const counts = { lesions: { benign: 0, malignant: 0 }, held: { benign: 0, malignant: 0 } };
  for (const { kind, centre } of test.lesions) {
    if (!test.placed[kind]) continue;
    counts.lesions[kind]++;
    const inside = ({ top, left, height, width }: Box) =>
      centre.row >= top && centre.row < top + height && centre.col >= left && centre.col < left + width;
    if (regions.some(inside)) counts.held[kind]++;
  }
  return counts;
}

function shareOutside(map: Uint8Array, pixels: Uint8Array | Uint16Array): number {
  let outside = 0;
  let sum = 0;
  for (let i = 0; i < map.length; i++) {
    sum += map[i];
    if (pixels[i] === 0) outside += map[i];
  }
  return sum === 0 ? 0 : outside / sum;
}
