/**
 * @module
 * Outlines at a threshold: their extent, area, whether they touch a lesion, and the choice of hysteresis and smallest area.
 */
import { labelComponents } from "../../src/glam/components.ts";
import { diceCoefficient } from "../../src/glam/dice.ts";
import { outlinedLevels } from "../../src/glam/outlined-levels.ts";
import type { Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { outliningAt } from "./overlap.ts";
import type { ByteMap } from "./peaks.ts";
import type { Kind } from "./test-case.ts";

/** How a map becomes outlines. */
export type Cut = { threshold: number; hysteresis: number };

/** `lesion`: whether any pixel of it lies in a lesion of its class. */
export type Outline = { mm2: number; lesion: boolean };

/** Smallest areas that are compared, mm2. */
const AREAS = [0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 25, 30];
/** Share of the outlined lesions that must stay outlined. */
const KEPT = 0.98;

/** Areas that are outlined. @param mask not 0 in lesions, `[height, width]` */
export function outlinesOf(map: ByteMap, at: Cut, mask: Uint8Array, spacing: number): Outline[] {
  const outlining = outliningAt(at.threshold, at.hysteresis);
  const outlined = outlinedLevels(map.data, map, outlining);
  const { labels, components } = labelComponents(map.height, map.width, (i) => outlined[i] >= outlining.low);
  const hits = new Set<number>();
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) hits.add(labels[i]);
  return components.map(({ area }, i) => ({ mm2: area * spacing ** 2, lesion: hits.has(i + 1) }));
}

/** Shares that are compared. */
export const SHARES = [1, 0.7, 0.5, 0.35, 0.25, 0.15];

/** Dice of what is outlined at a threshold, for each of {@link SHARES}. @param mask not 0 in lesions */
export function diceByShare(map: ByteMap, threshold: number, mask: Uint8Array): number[] {
  return SHARES.map((share) => {
    const outlining = outliningAt(threshold, share);
    const outlined = outlinedLevels(map.data, map, outlining).map((level) => Number(level >= outlining.low));
    return diceCoefficient(outlined, mask);
  });
}

/** Mean Dice of each class for each share, and the share with the largest sum of both. */
export function bestShare(judged: readonly Judged[]): {
  rows: ({ share: number } & Record<Kind, number>)[];
  chosen: number;
} {
  const dice = (kind: Kind, i: number) => {
    const all = judged.flatMap(({ methods }) => methods.get(GLAM)?.diceByShare?.[kind]?.[i] ?? []);
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  const rows = SHARES.map((share, i) => ({ share, benign: dice("benign", i), malignant: dice("malignant", i) }));
  const sum = ({ benign, malignant }: Record<Kind, number>) => (benign || 0) + (malignant || 0);
  return { rows, chosen: rows.reduce((best, row) => (sum(row) > sum(best) ? row : best)).share };
}

/** The effect of a smallest area: outlines an image, and shares of images, with a malignant lesion and without. */
export type AreaRow = { mm2: number; outlines: number; outlined: number; falselyOutlined: number };

/**
 * A row for each smallest area, and the largest one that keeps nearly every lesion that is outlined at all; of those that leave out
 * the same, the smallest.
 */
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
  const kept = rows.filter(({ outlined }) => outlined >= least).at(-1);
  return { rows, chosen: rows.find(({ outlines }) => outlines === kept?.outlines)?.mm2 ?? 0 };
}
