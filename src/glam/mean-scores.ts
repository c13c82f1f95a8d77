/**
 * @module
 * Scores of several views together, of a breast or a woman.
 */

/** Uncalibrated scores: a calibration is fitted on views and holds for a view alone. */
export type ClassScores = { benign: number; malignant: number };

/** The mean of each class's score, as the GLAM family of models is evaluated; undefined without views. */
export function meanScores(scores: readonly ClassScores[]): ClassScores | undefined {
  if (scores.length === 0) return undefined;
  const mean = (name: keyof ClassScores) => scores.reduce((sum, one) => sum + one[name], 0) / scores.length;
  return { benign: mean("benign"), malignant: mean("malignant") };
}
