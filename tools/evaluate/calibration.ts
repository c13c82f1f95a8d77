/**
 * @module
 * Calibration curve: how often images with a score are positive.
 */
import type { Scored } from "./area-under-curve.ts";

/** Images of one range of scores. */
export type CalibrationBin = { count: number; meanScore: number; positiveShare: number };

/** Bins of equal width from 0 to 1; those without an image are left out. */
export function calibrationCurve(units: readonly Scored[], bins = 10): CalibrationBin[] {
  return Array.from({ length: bins }, (_, bin) =>
    units.filter(({ score }) => Math.min(bins - 1, Math.floor(score * bins)) === bin),
  )
    .filter((members) => members.length > 0)
    .map((members) => ({
      count: members.length,
      meanScore: members.reduce((sum, { score }) => sum + score, 0) / members.length,
      positiveShare: members.filter(({ positive }) => positive).length / members.length,
    }));
}

/** Mean distance of score and share of positives over the bins, weighted by how many images each holds. */
export function calibrationError(curve: readonly CalibrationBin[]): number {
  const count = curve.reduce((sum, bin) => sum + bin.count, 0);
  return curve.reduce((sum, bin) => sum + bin.count * Math.abs(bin.meanScore - bin.positiveShare), 0) / count;
}
