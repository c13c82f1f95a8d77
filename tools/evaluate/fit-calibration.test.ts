import { describe, expect, test } from "vitest";
import { calibrateScore, sigmoid } from "../../src/glam/score-calibration.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { areaUnderCurve, type Scored } from "./area-under-curve.ts";
import { calibrationCurve, calibrationError } from "./calibration.ts";
import type { Judged } from "./figures.ts";
import { fitScaling, fitScoreCalibration } from "./fit-calibration.ts";
import { GLAM } from "./methods.ts";

/** Images whose chance of a lesion is sigmoid(logit(score) / temperature + bias). */
function drawn(count: number, temperature: number, bias: number): Scored[] {
  const random = createRandom(5, "calibration");
  return Array.from({ length: count }, () => {
    const x = 2 * random.normal();
    return { score: sigmoid(x), positive: random.chance(sigmoid(x / temperature + bias)) };
  });
}

const errorOf = (units: readonly Scored[]) => calibrationError(calibrationCurve(units));
const separable: Scored[] = [0.1, 0.2, 0.3, 0.6, 0.8, 0.9].map((score) => ({ score, positive: score > 0.5 }));

describe("fitScaling", () => {
  test.each([
    [2.5, -1],
    [0.6, 0.8],
    [1, 0],
  ])("finds temperature %d and bias %d again", (temperature, bias) => {
    const fitted = fitScaling(drawn(40_000, temperature, bias), "benign");
    expect(fitted.temperature / temperature).toBeCloseTo(1, 1);
    expect(fitted.bias).toBeCloseTo(bias, 1);
  });

  test("is where the likelihood's slope is 0: both sums of errors vanish", () => {
    const units = drawn(500, 2, -1);
    const fitted = fitScaling(units, "benign");
    const positives = units.filter(({ positive }) => positive).length;
    const aim = (positive: boolean) =>
      positive ? (positives + 1) / (positives + 2) : 1 / (units.length - positives + 2);
    const errors = units.map(({ score, positive }) => ({
      error: calibrateScore(score, fitted) - aim(positive),
      x: Math.log(score / (1 - score)),
    }));
    expect(Math.abs(errors.reduce((sum, { error }) => sum + error, 0))).toBeLessThan(0.01);
    expect(Math.abs(errors.reduce((sum, { error, x }) => sum + error * x, 0))).toBeLessThan(0.01);
  });

  test("lowers the calibration error, on images that it has not seen too, and leaves AUC as it is", () => {
    const all = drawn(4000, 3, -1.5);
    const [seen, unseen] = [all.slice(0, 2000), all.slice(2000)];
    const fitted = fitScaling(seen, "malignant");
    for (const units of [seen, unseen]) {
      const calibrated = units.map((one) => ({ ...one, score: calibrateScore(one.score, fitted) }));
      expect(errorOf(calibrated)).toBeLessThan(errorOf(units) / 4);
      expect(areaUnderCurve(calibrated)).toBe(areaUnderCurve(units));
    }
  });

  test("scores that separate the classes give finite numbers, scores of 0 and 1 too", () => {
    const { temperature, bias } = fitScaling(separable, "benign");
    expect(temperature).toBeGreaterThan(0.1);
    expect(Math.abs(bias)).toBeLessThan(10);
    const ends = fitScaling([...separable, { score: 0, positive: false }, { score: 1, positive: true }], "benign");
    expect(calibrateScore(0, ends)).toBeLessThan(0.5);
    expect(calibrateScore(1, ends)).toBeGreaterThan(0.5);
  });

  test.each([
    ["no positives", separable.filter(({ positive }) => !positive), "these are 0 and 3"],
    ["no negatives", separable.filter(({ positive }) => positive), "these are 3 and 0"],
    [
      "scores that fall where there is a lesion",
      separable.map((one) => ({ ...one, positive: !one.positive })),
      "not higher",
    ],
    ["equal scores", separable.map((one) => ({ ...one, score: 0 })), "not higher"],
  ])("%s cannot be calibrated", (_, units, part) => {
    expect(() => fitScaling(units, "benign")).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(part) }),
    );
  });
});

test("fits the model's scores of both classes, and says on how many of what", () => {
  const outside = { benign: 0, malignant: 0 };
  const judged: Judged[] = separable.map(({ score, positive }, i) => ({
    patient: String(i),
    labels: { benign: positive, malignant: i % 2 === 1 },
    methods: new Map([
      [GLAM, { scores: { benign: score, malignant: score }, overlap: {}, pointing: {}, marks: {}, outside }],
    ]),
  }));
  const calibration = fitScoreCalibration(judged, "films of tests");
  expect(calibration).not.toHaveProperty("kinds");
  expect(fitScoreCalibration(judged, "films of tests", ["film"]).kinds).toEqual(["film"]);
  expect(calibration.fittedOn).toBe("6 films of tests, 3 with benign and 3 with malignant lesions");
  expect(calibration.benign).toEqual(fitScaling(separable, "benign"));
  expect(calibration.malignant.temperature).toBeGreaterThan(calibration.benign.temperature);
});
