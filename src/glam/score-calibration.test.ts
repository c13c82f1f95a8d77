import { describe, expect, test } from "vitest";
import { calibrateScore, calibrateScores, scoreCalibrationSchema } from "./score-calibration.ts";

describe("calibrateScore", () => {
  test("temperature 1 and bias 0 change nothing", () => {
    for (const score of [0.001, 0.25, 0.5, 0.93]) {
      expect(calibrateScore(score, { temperature: 1, bias: 0 })).toBeCloseTo(score, 12);
    }
  });

  test("by hand: odds of 4 become sqrt(4) at temperature 2, and e times that with bias 1", () => {
    expect(calibrateScore(0.8, { temperature: 2, bias: 0 })).toBeCloseTo(2 / 3, 12);
    const odds = 2 * Math.E;
    expect(calibrateScore(0.8, { temperature: 2, bias: 1 })).toBeCloseTo(odds / (1 + odds), 12);
  });

  test("the ends are clipped: no infinity, no NaN, still the ends", () => {
    const scaling = { temperature: 3, bias: -1 };
    const [low, high] = [0, 1].map((score) => calibrateScore(score, scaling));
    expect(low).toBe(calibrateScore(1e-6, scaling));
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(1);
    expect(calibrateScore(0, { temperature: 1e-9, bias: 0 })).toBe(0);
    expect(calibrateScore(1, { temperature: 1e-9, bias: 0 })).toBe(1);
  });

  test.each([
    { temperature: 0.3, bias: 2 },
    { temperature: 1.7, bias: -4 },
    { temperature: 900, bias: 0.1 },
  ])("order stays: $temperature, $bias", (scaling) => {
    const scores = Array.from({ length: 1001 }, (_, i) => calibrateScore(i / 1000, scaling));
    for (let i = 1; i < scores.length; i++) expect(scores[i]).toBeGreaterThan(scores[i - 1]);
  });
});

test("each class has its own numbers", () => {
  const calibration = {
    fittedOn: "tests",
    benign: { temperature: 2, bias: 0 },
    malignant: { temperature: 1, bias: Math.log(3) },
  };
  const { benign, malignant } = calibrateScores({ benign: 0.8, malignant: 0.5 }, calibration);
  expect(benign).toBeCloseTo(2 / 3, 12);
  expect(malignant).toBeCloseTo(0.75, 12);
});

test.each([
  ["a temperature of 0", { benign: { temperature: 0, bias: 0 } }],
  ["a negative temperature, which turns the order round", { benign: { temperature: -1, bias: 0 } }],
  ["an infinite bias", { malignant: { temperature: 1, bias: Number.POSITIVE_INFINITY } }],
  ["no word of what it was fitted on", { fittedOn: "" }],
])("%s is refused", (_, part) => {
  const scaling = { temperature: 1, bias: 0 };
  const sound = { fittedOn: "tests", benign: scaling, malignant: scaling };
  expect(scoreCalibrationSchema.safeParse(sound).success).toBe(true);
  expect(scoreCalibrationSchema.safeParse({ ...sound, ...part }).success).toBe(false);
});
