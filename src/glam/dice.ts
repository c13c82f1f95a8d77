/**
 * @module
 * Overlap of two masks.
 */

/**
 * Dice coefficient 2|A and B| / (|A| + |B|) (Dice, 1945); 1 when both are empty.
 * @param a non-zero inside, any layout
 * @param b non-zero inside, the layout of `a`
 */
export function diceCoefficient(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i]) sum++;
    if (b[i]) sum++;
    if (a[i] && b[i]) both++;
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}
