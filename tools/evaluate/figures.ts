/**
 * @module
 * Measurements of a test set to reported figures.
 */
import { areaUnderCurve, type Scored } from "./area-under-curve.ts";
import { clusters } from "./bootstrap.ts";
import type { Measurement } from "./measure.ts";
import { diceAt, iouAt } from "./overlap.ts";
import { type Groups, type Kind, kinds } from "./test-case.ts";

/** One image, with the measurements of every method. */
export type Judged = {
  patient: string;
  labels: Record<Kind, boolean>;
  groups?: Groups | undefined;
  methods: ReadonlyMap<string, Measurement>;
};

/** Index of the threshold at which a method's maps are cut. */
export type ThresholdOf = (method: string) => number;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Scores of one class, per image. */
export function scoresOf(judged: readonly Judged[], method: string, kind: Kind): Scored[] {
  return judged.flatMap(({ labels, methods }) => {
    const measurement = methods.get(method);
    return measurement ? [{ score: measurement.scores[kind], positive: labels[kind] }] : [];
  });
}

/** Scores of one class, per patient: the largest score, and whether any image has the class. */
export function patientScores(judged: readonly Judged[], method: string, kind: Kind): Scored[] {
  return clusters(judged, ({ patient }) => patient).map((images) => {
    const scores = scoresOf(images, method, kind);
    return { score: Math.max(...scores.map(({ score }) => score)), positive: scores.some(({ positive }) => positive) };
  });
}

/**
 * All figures of one method by name: `auc.benign`, `aucPerPatient.malignant`, `dice.benign`, `iou.malignant`, `pointing`,
 * `pointingOf.malignant`, `regionRecall`, `regionRecallOf.benign`, `falseOutlines.benign`. NaN where the images do not define a figure.
 */
export function figuresOf(judged: readonly Judged[], method: string, threshold: number): Map<string, number> {
  const figures = new Map<string, number>();
  const measured = judged.flatMap(({ methods }) => methods.get(method) ?? []);
  const points: number[] = [];
  const lesions = { all: 0, held: 0 };
  for (const kind of kinds) {
    figures.set(`auc.${kind}`, areaUnderCurve(scoresOf(judged, method, kind)));
    const overlaps = measured.flatMap(({ overlap }) => overlap[kind] ?? []);
    figures.set(`dice.${kind}`, mean(overlaps.map((overlap) => diceAt(overlap, threshold))));
    figures.set(`iou.${kind}`, mean(overlaps.map((overlap) => iouAt(overlap, threshold))));
    const pointing = measured.flatMap(({ pointing }) => pointing[kind] ?? []).map(Number);
    figures.set(`pointingOf.${kind}`, mean(pointing));
    points.push(...pointing);
    figures.set(`falseOutlines.${kind}`, falselyOutlined(judged, method, kind, threshold));
    const of = measured.flatMap(({ regions }) => regions ?? []);
    const all = of.reduce((sum, one) => sum + one.lesions[kind], 0);
    const held = of.reduce((sum, one) => sum + one.held[kind], 0);
    if (of.length > 0) figures.set(`regionRecallOf.${kind}`, held / all);
    lesions.all += all;
    lesions.held += held;
  }
  figures.set("pointing", mean(points));
  if (measured.some(({ regions }) => regions)) figures.set("regionRecall", lesions.held / lesions.all);
  return figures;
}

/** Share of the images without the class in which something is outlined. @param threshold index */
export function falselyOutlined(judged: readonly Judged[], method: string, kind: Kind, threshold: number): number {
  const without = judged.filter(({ labels }) => !labels[kind]);
  const marked = without.flatMap(({ methods }) => methods.get(method)?.marks[kind] ?? []);
  return mean(marked.map(({ at }) => Number(at[threshold].wrong > 0)));
}

/** AUC per patient, for whole sets with several images a patient. */
export const patientFigures = (judged: readonly Judged[], method: string): Map<string, number> =>
  new Map(kinds.map((kind) => [`aucPerPatient.${kind}`, areaUnderCurve(patientScores(judged, method, kind))]));

/** Sums of both classes' mean Dice that differ by no more than this share count as equal. */
const ALIKE = 0.005;

/**
 * Index of the threshold in the middle of those with the largest sum of both classes' mean Dice: the curve is flat there, and its exact
 * maximum is random. Classes that no image has do not count.
 */
export function bestThreshold(judged: readonly Judged[], method: string, count: number): number {
  const sums = Array.from({ length: count }, (_, index) => {
    const figures = figuresOf(judged, method, index);
    const dice = kinds.map((kind) => figures.get(`dice.${kind}`) ?? Number.NaN).filter((value) => !Number.isNaN(value));
    return dice.reduce((total, value) => total + value, 0);
  });
  const least = (1 - ALIKE) * Math.max(...sums);
  const best = sums.flatMap((sum, index) => (sum >= least ? [index] : []));
  return best[Math.floor((best.length - 1) / 2)];
}
