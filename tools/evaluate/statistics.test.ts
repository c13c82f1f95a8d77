import { describe, expect, test } from "vitest";
import { areaUnderCurve } from "./area-under-curve.ts";
import { bootstrap, clusters, quantile } from "./bootstrap.ts";
import { calibrationCurve, calibrationError } from "./calibration.ts";
import { freeResponse, marksOf, sensitivityAt } from "./free-response.ts";
import { nearestThreshold, thresholds } from "./overlap.ts";

const scored = (positives: number[], negatives: number[]) => [
  ...positives.map((score) => ({ score, positive: true })),
  ...negatives.map((score) => ({ score, positive: false })),
];

describe("area under the curve", () => {
  test("counts pairs in the right order, ties half", () => {
    // 0.8 beats 0.1 and 0.5; 0.5 beats 0.1 and ties with 0.5; 0.2 beats 0.1: 2 + 1.5 + 1 of 6.
    expect(areaUnderCurve(scored([0.8, 0.5, 0.2], [0.1, 0.5]))).toBeCloseTo(4.5 / 6, 12);
    expect(areaUnderCurve(scored([2, 3], [0, 1]))).toBe(1);
    expect(areaUnderCurve(scored([0, 1], [2, 3]))).toBe(0);
    expect(areaUnderCurve(scored([1, 1], [1]))).toBe(0.5);
  });

  test("is not a number without both kinds", () => {
    expect(areaUnderCurve(scored([1], []))).toBeNaN();
    expect(areaUnderCurve(scored([], [1]))).toBeNaN();
  });
});

describe("bootstrap", () => {
  test("quantiles are interpolated", () => {
    expect(quantile([0, 10, 20, 30], 0.5)).toBe(15);
    expect(quantile([0, 10, 20, 30], 1)).toBe(30);
    expect(quantile([7], 0.025)).toBe(7);
  });

  test("the interval of a mean is near the normal one, and the same for the same seed", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0 : 1));
    const mean = (items: number[]) => new Map([["mean", items.reduce((a, b) => a + b, 0) / items.length]]);
    const patients = values.map((value) => [value]);
    const interval = bootstrap(patients, mean).get("mean");
    // Standard error 0.5 / sqrt(400) = 0.025.
    expect(interval?.[0]).toBeCloseTo(0.5 - 1.96 * 0.025, 1);
    expect(interval?.[1]).toBeCloseTo(0.5 + 1.96 * 0.025, 1);
    expect(Number(interval?.[1]) - Number(interval?.[0])).toBeGreaterThan(0.08);
    expect(bootstrap(patients, mean).get("mean")).toEqual(interval);
  });

  test("images of a patient are drawn together, so the interval does not shrink with copies", () => {
    const mean = (items: number[]) => new Map([["mean", items.reduce((a, b) => a + b, 0) / items.length]]);
    const once = bootstrap(
      [0, 1, 0, 1, 1].map((value) => [value]),
      mean,
    ).get("mean");
    const thrice = bootstrap(
      [0, 1, 0, 1, 1].map((value) => [value, value, value]),
      mean,
    ).get("mean");
    expect(thrice).toEqual(once);
    expect(clusters(["a1", "b1", "a2"], (name) => name[0])).toEqual([["a1", "a2"], ["b1"]]);
  });

  test("draws without an answer are left out, and too many of them give no interval", () => {
    const first = (items: number[]) => new Map([["first", items[0]]]);
    expect(bootstrap([[1], [1], [1], [Number.NaN]], first).get("first")).toEqual([1, 1]);
    expect(bootstrap([[Number.NaN]], first).get("first")).toBeNull();
  });
});

describe("free response", () => {
  // One row: a lesion at 1 with value 200 and another at 8 with 90, and tissue at 5 with 150.
  const map = { height: 1, width: 10, data: Uint8Array.of(0, 200, 120, 110, 120, 150, 0, 0, 90, 0) };
  const lesionAt = (_: number, col: number) => [1, 8].indexOf(col);
  const marks = (hysteresis: number, threshold: number) =>
    marksOf(map, hysteresis, lesionAt)[nearestThreshold(threshold)];

  test("an outline is one mark, at its largest value", () => {
    // At 0.56 grey 143 is needed: 200 and 150 lie apart; down to half of it, 72, they are one.
    expect(marks(1, 0.56)).toEqual({ wrong: 1, found: [0] });
    expect(marks(0.5, 0.56)).toEqual({ wrong: 0, found: [0] });
    expect(marks(0.5, 0.34)).toEqual({ wrong: 0, found: [0, 1] });
    expect(marks(0.5, 0.9)).toEqual({ wrong: 0, found: [] });
  });

  test("of a plateau the middle counts", () => {
    const plateau = { height: 1, width: 5, data: Uint8Array.of(9, 200, 200, 200, 9) };
    const at = (col: number) => marksOf(plateau, 1, (_, x) => (x === col ? 0 : -1))[nearestThreshold(0.5)].wrong;
    expect([at(1), at(2), at(3)]).toEqual([1, 0, 1]);
  });

  test("the curve counts lesions once and false marks per image, and ends where outlines grow together", () => {
    const images = [
      { lesions: 2, at: marksOf(map, 1, lesionAt) },
      { lesions: 0, at: marksOf(map, 1, () => -1) },
    ];
    const curve = freeResponse(images);
    const at = (threshold: number) => curve.find((point) => Math.abs(point.threshold - threshold) < 1e-9);
    expect(at(0.98)).toMatchObject({ falseMarks: 0, sensitivity: 0 });
    expect(at(0.7)).toMatchObject({ falseMarks: 0.5, sensitivity: 0.5 });
    expect(at(0.5)).toMatchObject({ falseMarks: 1.5, sensitivity: 0.5 });
    // At 0.34 all of 1 to 5 is one outline: three marks become one on each image.
    expect(curve.at(-1)?.threshold).toBeGreaterThan(0.34);
    expect(curve.map(({ threshold }) => threshold)).toEqual(
      [...curve.map(({ threshold }) => threshold)].sort((a, b) => b - a),
    );
    expect(sensitivityAt(curve, 0.4)).toBe(0);
    expect(sensitivityAt(curve, 0.5)).toBe(0.5);
    expect(sensitivityAt([], 1)).toBe(0);
    expect(freeResponse([{ lesions: 0, at: thresholds.map(() => ({ wrong: 0, found: [] })) }])).toEqual([]);
  });
});

test("calibration compares scores with shares, bin by bin", () => {
  const units = scored([0.95, 0.85, 0.15], [0.05, 0.82, 1]);
  const curve = calibrationCurve(units, 2);
  expect(curve.map(({ count, positiveShare }) => [count, positiveShare])).toEqual([
    [2, 0.5],
    [4, 0.5],
  ]);
  // |0.1 - 0.5| * 2 + |0.905 - 0.5| * 4, over 6.
  expect(calibrationError(curve)).toBeCloseTo((0.4 * 2 + 0.405 * 4) / 6, 12);
});
