/**
 * @module
 * Outlines of malignant at a threshold: how large each is and whether it touches a lesion; and how small one may be.
 */
import { createRunJoiner } from "../../src/glam/runs.ts";
import type { Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { lowestLevel } from "./overlap.ts";
import type { ByteMap } from "./peaks.ts";

/** `lesion`: whether any pixel of it lies in a lesion of its class. */
export type Outline = { mm2: number; lesion: boolean };

/** Smallest areas that are looked at, mm2. */
const AREAS = [0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 25, 30];
/** Share of the images whose lesion is outlined that must still have it outlined. */
const KEPT = 0.98;

/** 4-connected areas at or above the threshold. @param mask not 0 in lesions, `[height, width]` */
export function outlinesOf(map: ByteMap, threshold: number, mask: Uint8Array, spacing: number): Outline[] {
  const { height, width, data } = map;
  const level = lowestLevel(threshold);
  const joiner = createRunJoiner();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] < level) continue;
      const start = x;
      while (x < width && data[y * width + x] >= level) x++;
      joiner.add(y, start, x);
    }
  }
  const { components, runs } = joiner.finish();
  const hits = new Set<number>();
  for (const { y, start, end, component } of runs()) {
    for (let x = start; x < end; x++) if (mask[y * width + x] !== 0) hits.add(component);
  }
  return components.map(({ area }, i) => ({ mm2: area * spacing ** 2, lesion: hits.has(i) }));
}

/** What a smallest area leaves: outlines an image, and shares of images, with a malignant lesion and without. */
export type AreaRow = { mm2: number; outlines: number; outlined: number; falselyOutlined: number };

/** A row for each smallest area, and the largest one that keeps nearly every lesion that is outlined at all. */
export function smallestAreas(judged: readonly Judged[]): { rows: AreaRow[]; chosen: number } {
  const images = judged.flatMap(({ labels, methods }) => {
    const outlines = methods.get(GLAM)?.outlines;
    return outlines === undefined ? [] : [{ malignant: labels.malignant, outlines }];
  });
  const share = (some: boolean[]) => some.filter(Boolean).length / some.length;
  const rows = AREAS.map((mm2): AreaRow => {
    const left = images.map(({ malignant, outlines }) => ({ malignant, of: outlines.filter((one) => one.mm2 >= mm2) }));
    const [ill, well] = [true, false].map((wanted) => left.filter(({ malignant }) => malignant === wanted));
    return {
      mm2,
      outlines: left.reduce((sum, { of }) => sum + of.length, 0) / left.length,
      outlined: share(ill.map(({ of }) => of.some(({ lesion }) => lesion))),
      falselyOutlined: share(well.map(({ of }) => of.length > 0)),
    };
  });
  const least = KEPT * rows[0].outlined;
  return { rows, chosen: rows.filter(({ outlined }) => outlined >= least).at(-1)?.mm2 ?? 0 };
}
