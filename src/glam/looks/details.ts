/**
 * @module
 * How strong the details of an image are, octave by octave: Haar wavelets of squares that lie in the breast with all their pixels.
 */
import type { Size } from "../spec.ts";

/** Grey levels, `[height, width]` row-major; 0 is background. */
export type Grey = Size & { levels: Uint8Array | Uint16Array | Float32Array };

/** Mean |detail| of one octave, in grey levels: what changes from left to right, from top to bottom, and across. */
export type Octave = { horizontal: number; vertical: number; diagonal: number };

/** Details of squares of 2 x 2 pixels, and the image of their means, half as large, 0 where one of the pixels is 0. */
export function splitOctave({ height, width, levels }: Grey): { octave: Octave; means: Grey } {
  const [rows, cols] = [height >> 1, width >> 1];
  const means = new Float32Array(rows * cols);
  let horizontal = 0;
  let vertical = 0;
  let diagonal = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const at = 2 * (row * width + col);
      const a = levels[at];
      const b = levels[at + 1];
      const c = levels[at + width];
      const d = levels[at + width + 1];
      if (a === 0 || b === 0 || c === 0 || d === 0) continue;
      horizontal += Math.abs(a - b + c - d);
      vertical += Math.abs(a + b - c - d);
      diagonal += Math.abs(a - b - c + d);
      means[row * cols + col] = (a + b + c + d) / 4;
      count++;
    }
  }
  const per = 1 / (2 * Math.max(1, count));
  const octave = { horizontal: horizontal * per, vertical: vertical * per, diagonal: diagonal * per };
  return { octave, means: { height: rows, width: cols, levels: means } };
}

/** Keeps logarithms finite where there is no detail, grey levels. */
const NOTHING = 0.01;

/** Log share of what changes across, of what changes along the axes: the same in all octaves of most pictures. */
const across = ({ horizontal, vertical, diagonal }: Octave): number =>
  Math.log((diagonal + NOTHING) / (horizontal + vertical + NOTHING));

/** Log of what changes from left to right against what changes from top to bottom. */
const sideways = ({ horizontal, vertical }: Octave): number => Math.log((horizontal + NOTHING) / (vertical + NOTHING));

/**
 * How much the second octave's share of diagonal details is above those of its neighbours; noise over a blur, stripes and enlarging pull it down.
 * @param octaves at least three
 */
export const diagonalBend = (octaves: readonly Octave[]): number =>
  across(octaves[1]) - (across(octaves[0]) + across(octaves[2])) / 2;

/** Log of how far the direction of details turns from one octave to the next, at most: stripes are in one octave only. */
export function turning(octaves: readonly Octave[]): number {
  const turns = octaves.slice(1).map((octave, k) => Math.abs(sideways(octave) - sideways(octaves[k])));
  return Math.log(Math.max(...turns) + 0.05);
}
