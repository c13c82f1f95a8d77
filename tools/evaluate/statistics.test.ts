import { describe, expect, test } from "vitest";
import { areaUnderCurve } from "./area-under-curve.ts";
import { bootstrap, clusters, quantile } from "./bootstrap.ts";
import { calibrationCurve, calibrationError } from "./calibration.ts";
import { freeResponse, sensitivityAt } from "./free-response.ts";

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
  const images = [
    {
      lesions: 2,
      marks: [
        { confidence: 9, lesion: 0 },
        { confidence: 5, lesion: 0 },
        { confidence: 4, lesion: 1 },
      ],
    },
    {
      lesions: 0,
      marks: [
        { confidence: 7, lesion: null },
        { confidence: 4, lesion: null },
      ],
    },
  ];

  test("counts a lesion once and false marks per image, ties together", () => {
    expect(freeResponse(images)).toEqual([
      { confidence: 9, falseMarks: 0, sensitivity: 0.5 },
      { confidence: 7, falseMarks: 0.5, sensitivity: 0.5 },
      { confidence: 5, falseMarks: 0.5, sensitivity: 0.5 },
      { confidence: 4, falseMarks: 1, sensitivity: 1 },
    ]);
    expect(freeResponse([{ lesions: 0, marks: [] }])).toEqual([]);
  });

  test("sensitivity at a number of false marks is the best with at most as many", () => {
    expect(sensitivityAt(freeResponse(images), 0.9)).toBe(0.5);
    expect(sensitivityAt(freeResponse(images), 1)).toBe(1);
    expect(sensitivityAt([], 1)).toBe(0);
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
