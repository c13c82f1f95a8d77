/**
 * @module
 * Seven measures of a canvas that do not change when all its grey levels are multiplied.
 */
import type { Canvas } from "../contracts.ts";
import { area, contrast, cutBelow, rim, spots } from "./cells.ts";
import { diagonalBend, type Grey, type Octave, splitOctave, turning } from "./details.ts";

/** In the order of every table. */
export const lookNames = ["contrast", "rim", "spots", "diagonals", "stripes", "area", "bottom"] as const;
export type LookName = (typeof lookNames)[number];

/** Each measure is described at the function that computes it. */
export type Looks = Record<LookName, number>;

/** Octaves of details; cells are squares of 8 x 8 pixels, the means after three of them. */
const OCTAVES = 4;
const CELLS = 3;

/** @param canvas background 0, chest wall at the left; some milliseconds at 1536 x 1024 */
export function measureLooks({ height, width, pixels }: Canvas): Looks {
  const octaves: Octave[] = [];
  let grey: Grey = { height, width, levels: pixels };
  let cells = grey;
  for (let k = 1; k <= OCTAVES; k++) {
    const { octave, means } = splitOctave(grey);
    octaves.push(octave);
    grey = means;
    if (k === CELLS) cells = means;
  }
  return {
    contrast: contrast(cells),
    rim: rim(cells),
    spots: spots(cells),
    diagonals: diagonalBend(octaves),
    stripes: turning(octaves),
    area: area(cells),
    bottom: cutBelow(cells),
  };
}
