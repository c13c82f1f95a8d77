import { expect, test } from "vitest";
import { bestThreshold, type Judged } from "./figures.ts";
import type { Measurement } from "./measure.ts";
import { COARSE, GLAM } from "./methods.ts";
import { nearestThreshold, thresholds } from "./overlap.ts";
import { makeReport, reportJson } from "./report.ts";
import { reportLines } from "./table.ts";

/** One outline, whose largest value is `grey`, in a lesion or in none. */
const outlinedUpTo = (grey: number, lesion: number | null) =>
  thresholds.map((threshold) => {
    const there = grey >= 255 * threshold;
    return { wrong: Number(there && lesion === null), found: there && lesion !== null ? [lesion] : [] };
  });

/** A measurement of a malignant image (or one without lesion) whose mask has 10 pixels. */
function measurement(score: number, above: number | undefined, hit: boolean): Measurement {
  const scores = { benign: score / 2, malignant: score };
  const outside = { benign: 0, malignant: 0.5 };
  if (above === undefined) {
    const marks = { malignant: { lesions: 0, at: outlinedUpTo(score > 0.9 ? 128 : 127, null) } };
    return { scores, overlap: {}, pointing: {}, marks, outside };
  }
  const overlap = { both: thresholds.map(() => 10), above: thresholds.map((t) => (t < 0.5 ? 100 : above)), mask: 10 };
  const marks = { malignant: { lesions: 1, at: outlinedUpTo(200, hit ? 0 : null) } };
  const regions = { lesions: { benign: 0, malignant: 1 }, held: { benign: 0, malignant: 1 } };
  return { scores, overlap: { malignant: overlap }, pointing: { malignant: hit }, marks, regions, outside };
}

const judged: Judged[] = Array.from({ length: 40 }, (_, i) => {
  const malignant = i % 2 === 0;
  return {
    // Two images a patient, one of them with a lesion.
    patient: String(Math.floor(i / 2)),
    labels: { benign: false, malignant },
    methods: new Map([
      // Dice 20 / 20 = 1 against 20 / 40 = 0.5.
      [GLAM, measurement(malignant ? 0.9 : i === 1 ? 0.95 : 0.2, malignant ? 10 : undefined, i % 4 === 0)],
      [COARSE, measurement(malignant ? 0.6 : 0.5, malignant ? 30 : undefined, false)],
    ]),
  };
});
const report = makeReport(judged, {
  threshold: 0.5,
  best: { fused: 0.5, coarse: 0.5 },
  rounds: 200,
});

test("figures, gain and counts by hand", () => {
  expect(report.auc.malignant).toBeCloseTo(1 - 1 / 20, 12);
  expect(report.auc.benign).toBeNaN();
  expect(report.dice.malignant).toBe(1);
  expect(report.iou.malignant).toBe(1);
  expect(report.pointing).toBe(0.5);
  expect(report.regionRecall).toBe(1);
  // Of 20 images without a lesion one has a pixel of 128, and 127.5 is a half.
  expect(report.falseOutlines.malignant).toBe(0.05);
  expect(report.coarse.dice.malignant).toBe(0.5);
  expect(report.coarse.gain.malignant).toBeCloseTo(0.5, 12);
  expect(report.freeResponse.malignant).toContainEqual({ falseMarks: 1, sensitivity: 0.5 });
  expect(report.saliencyOutsideBreast.malignant).toBe(0.5);
  expect(report.counts).toEqual({ images: 40, patients: 20, benign: 0, malignant: 20 });
  // Every patient has an image with a lesion, so there is nothing to tell apart.
  expect(report.aucPerPatient.malignant).toBeNaN();
});

test("intervals hold the figure, and are missing where it is", () => {
  const [low, high] = report.ci.pointing ?? [1, 0];
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(report.ci.auc.benign).toBeNull();
  expect(report.coarse.ci.gain).toEqual({ benign: null, malignant: [0.5, 0.5] });
});

test("the object has the named fields and no NaN", () => {
  const object = JSON.parse(reportJson(report)) as Record<string, unknown>;
  for (const name of ["auc", "dice", "iou", "pointing", "regionRecall", "coarse", "ci"])
    expect(object).toHaveProperty(name);
  expect(object).toMatchObject({ auc: { benign: null, malignant: 0.95 }, dice: { malignant: 1 } });
  expect(reportLines(report, "Films").join("\n")).toContain("| fused map | malignant | 0.950 (");
});

test("calibrated scores are judged beside the raw ones, where there is a calibration", () => {
  expect(report.calibration.malignant).not.toHaveProperty("calibrated");
  const scaling = { temperature: 0.1, bias: 0 };
  const scoreCalibration = { fittedOn: "40 images", benign: scaling, malignant: scaling };
  const withIt = makeReport(judged, {
    threshold: 0.5,
    best: { fused: 0.5, coarse: 0.5 },
    rounds: 10,
    scoreCalibration,
  });
  // 20 of 0.9 become 1, 19 of 0.2 become 0, and one 0.95 without lesion becomes 1.
  const error = (Math.abs(20 / 21 - 1) * 21) / 40;
  expect(withIt.calibration.malignant.calibrated?.error).toBeCloseTo(error, 5);
  expect(withIt.calibration.malignant.error).toBeCloseTo(report.calibration.malignant.error, 12);
  expect(withIt.auc).toEqual(report.auc);
  const lines = reportLines(withIt, "Films");
  expect(lines.at(-1)).toBe("calibrated scores: fitted on 40 images");
  expect(lines.join("\n")).toContain(", of calibrated scores 0.025; saliency");
});

test("the best threshold is in the middle of those where mean Dice is largest", () => {
  // From 0.5 to 0.98 the Dice is the same.
  expect(thresholds[bestThreshold(judged, GLAM, thresholds.length)]).toBeCloseTo(0.74, 12);
  expect(nearestThreshold(0.501)).toBe(24);
});
