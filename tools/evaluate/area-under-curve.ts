/**
 * @module
 * Area under the ROC curve.
 */

/** The score of one unit, and whether it is positive. */
export type Scored = { score: number; positive: boolean };

/**
 * Probability that a positive scores higher than a negative, ties counting half (Mann and Whitney).
 * @returns NaN when there are no positives or no negatives
 */
export function areaUnderCurve(units: readonly Scored[]): number {
  const sorted = [...units].sort((a, b) => a.score - b.score);
  let below = 0;
  let wins = 0;
  let positives = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    let tiedPositives = 0;
    while (end < sorted.length && sorted[end].score === sorted[start].score) {
      if (sorted[end].positive) tiedPositives++;
      end++;
    }
    const tiedNegatives = end - start - tiedPositives;
    wins += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    positives += tiedPositives;
    start = end;
  }
  return wins / (positives * below);
}
