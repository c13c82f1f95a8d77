/**
 * @module
 * The order in which a JPEG has the coefficients of a block (ITU-T T.81, figure A.6): diagonals, alternately up and down.
 */

const diagonal = (i: number): number => (i >> 3) + (i & 7);
const along = (i: number): number => (diagonal(i) % 2 === 0 ? i & 7 : i >> 3);

/** Index `8 * row + column` of each position. */
export const zigzag: readonly number[] = Array.from({ length: 64 }, (_, i) => i).sort(
  (a, b) => diagonal(a) - diagonal(b) || along(a) - along(b),
);
