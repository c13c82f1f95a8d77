/**
 * @module
 * The figures with their intervals as one object and as a table.
 */
import { calibrateScore, type ScoreCalibration } from "../../src/glam/score-calibration.ts";
import type { Scored } from "./area-under-curve.ts";
import { bootstrap, clusters, type Interval } from "./bootstrap.ts";
import { type CalibrationBin, calibrationCurve, calibrationError } from "./calibration.ts";
import { figuresOf, type Judged, patientFigures, scoresOf } from "./figures.ts";
import { freeResponse, sensitivityAt } from "./free-response.ts";
import { COARSE, GLAM } from "./methods.ts";
import { nearestThreshold, thresholds } from "./overlap.ts";
import { type Kind, kinds } from "./test-case.ts";

/** Benign and malignant. */
type PerClass<T> = Record<Kind, T>;

/** Figures of a method as the report has them. */
type Figures<T> = {
  auc: PerClass<T>;
  dice: PerClass<T>;
  iou: PerClass<T>;
  pointing: T;
  pointingOf: PerClass<T>;
  /** Share of the images without the class in which something is outlined. */
  falseOutlines: PerClass<T>;
  regionRecall?: T;
  regionRecallOf?: PerClass<T>;
};

/** `gain`: by how much the fused map's Dice is larger than the coarse map's, both at the threshold that suits them best. */
type WithGain<T> = Figures<T> & { gain: PerClass<T> };

/** How far scores are from shares of positives. */
type Calibration = { error: number; bins: CalibrationBin[] };

export type Report = Figures<number> & {
  aucPerPatient: PerClass<number>;
  /** The coarse map alone, at its best threshold. */
  coarse: WithGain<number> & { threshold: number; ci: WithGain<Interval> };
  ci: Figures<Interval> & { aucPerPatient: PerClass<Interval> };
  /** Sensitivity by lesion at rates of false marks an image. */
  freeResponse: PerClass<{ falseMarks: number; sensitivity: number }[]>;
  calibration: PerClass<Calibration & { calibrated?: Calibration }>;
  /** What made the calibrated scores of `calibration`, where there are any. */
  scoreCalibration?: ScoreCalibration;
  /** Mean share of the saliency that lies on background. */
  saliencyOutsideBreast: PerClass<number>;
  threshold: number;
  counts: { images: number; patients: number } & PerClass<number>;
};

const FALSE_MARKS = [0.1, 0.25, 0.5, 1];

export type ReportOptions = {
  /** Where the fused map is cut. */
  threshold: number;
  /** Where the fused and the coarse map have their largest Dice on these images. */
  best: { fused: number; coarse: number };
  rounds?: number;
  /** Of the model's scores; then calibrated scores are judged beside the raw ones. */
  scoreCalibration?: ScoreCalibration | undefined;
};

/** @param judged holds measurements of the methods `GLAM` and `COARSE` */
export function makeReport(
  judged: readonly Judged[],
  { threshold, best, rounds = 1000, scoreCalibration }: ReportOptions,
): Report {
  const statistics = (items: readonly Judged[]) => {
    const fused = figuresOf(items, GLAM, nearestThreshold(threshold));
    const atBest = figuresOf(items, GLAM, nearestThreshold(best.fused));
    const coarse = figuresOf(items, COARSE, nearestThreshold(best.coarse));
    const dice = (figures: ReadonlyMap<string, number>, kind: Kind) => figures.get(`dice.${kind}`) ?? Number.NaN;
    return new Map<string, number>([
      ...[...fused].map(([key, value]) => [`${GLAM}/${key}`, value] as const),
      ...[...coarse].map(([key, value]) => [`${COARSE}/${key}`, value] as const),
      ...kinds.map((kind) => [`gain.${kind}`, dice(atBest, kind) - dice(coarse, kind)] as const),
    ]);
  };
  const patients = clusters(judged, ({ patient }) => patient);
  const values = statistics(judged);
  const intervals = bootstrap(patients, statistics, { rounds });
  // Patients that are drawn twice must stay two, so a draw's images are counted by their place in it.
  const perPatient = bootstrap(
    patients.map((images) => [images]),
    (drawn) =>
      patientFigures(
        drawn.flatMap((images, i) => images.map((one) => ({ ...one, patient: String(i) }))),
        GLAM,
      ),
    { rounds },
  );
  const wholePatient = patientFigures(judged, GLAM);
  const value = (key: string) => values.get(key) ?? Number.NaN;
  const interval = (key: string) => intervals.get(key) ?? null;
  const images = judged.flatMap(({ methods: all }) => all.get(GLAM) ?? []);
  return {
    ...assemble(GLAM, value, values),
    aucPerPatient: perClass((kind) => wholePatient.get(`aucPerPatient.${kind}`) ?? Number.NaN),
    coarse: {
      ...assemble(COARSE, value, values),
      gain: perClass((kind) => value(`gain.${kind}`)),
      threshold: best.coarse,
      ci: { ...assemble(COARSE, interval, values), gain: perClass((kind) => interval(`gain.${kind}`)) },
    },
    ci: {
      ...assemble(GLAM, interval, values),
      aucPerPatient: perClass((kind) => perPatient.get(`aucPerPatient.${kind}`) ?? null),
    },
    freeResponse: perClass((kind) => {
      const curve = freeResponse(images.flatMap(({ marks }) => marks[kind] ?? []));
      return FALSE_MARKS.map((falseMarks) => ({ falseMarks, sensitivity: sensitivityAt(curve, falseMarks) }));
    }),
    calibration: perClass((kind) => {
      const scores = scoresOf(judged, GLAM, kind);
      if (!scoreCalibration) return calibrationOf(scores);
      const calibrated = scores.map((one) => ({ ...one, score: calibrateScore(one.score, scoreCalibration[kind]) }));
      return { ...calibrationOf(scores), calibrated: calibrationOf(calibrated) };
    }),
    ...(scoreCalibration ? { scoreCalibration } : {}),
    saliencyOutsideBreast: perClass(
      (kind) => images.reduce((sum, { outside }) => sum + outside[kind], 0) / images.length,
    ),
    threshold: thresholds[nearestThreshold(threshold)],
    counts: {
      images: judged.length,
      patients: patients.length,
      ...perClass((kind) => judged.filter(({ labels }) => labels[kind]).length),
    },
  };
}

function calibrationOf(scores: readonly Scored[]): Calibration {
  const bins = calibrationCurve(scores);
  return { error: calibrationError(bins), bins };
}

const perClass = <T>(of: (kind: Kind) => T): PerClass<T> => ({ benign: of("benign"), malignant: of("malignant") });

/** The names `method/figure` as an object. */
function assemble<T>(method: string, get: (key: string) => T, known: ReadonlyMap<string, number>): Figures<T> {
  const of = (figure: string) => perClass((kind) => get(`${method}/${figure}.${kind}`));
  const recall = known.has(`${method}/regionRecall`);
  return {
    auc: of("auc"),
    dice: of("dice"),
    iou: of("iou"),
    pointing: get(`${method}/pointing`),
    pointingOf: of("pointingOf"),
    falseOutlines: of("falseOutlines"),
    ...(recall ? { regionRecall: get(`${method}/regionRecall`), regionRecallOf: of("regionRecallOf") } : {}),
  };
}

/** NaN has no JSON: it becomes null. Numbers are rounded to four digits. */
export const reportJson = (report: Report): string =>
  JSON.stringify(report, (_, value: unknown) =>
    typeof value === "number" ? (Number.isNaN(value) ? null : Math.round(value * 1e4) / 1e4) : value,
  );
