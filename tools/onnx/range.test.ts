import { describe, expect, test } from "vitest";
import type { Observation } from "./observe.ts";
import { chooseRange, tensorOfRange } from "./range.ts";

const observation = (minimum: number, maximum: number, histogram: number[]): Observation => ({
  minimum,
  maximum,
  histogram: Float64Array.from(histogram),
  channelMeans: new Float64Array(1),
});

describe("tensorOfRange", () => {
  test.each([
    [0, 10],
    [-3, 5],
    [-7, 0],
    [-1e-3, 1e4],
  ])("%d to %d holds both ends within half a step, and 0 exactly", (low, high) => {
    const { scale, zeroPoint } = tensorOfRange(low, high);
    expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
    expect(Math.abs(-zeroPoint * scale - low)).toBeLessThanOrEqual(scale / 2 + 1e-6);
    expect(Math.abs((255 - zeroPoint) * scale - high)).toBeLessThanOrEqual(scale / 2 + 1e-6);
  });

  test("ReLU outputs get zero point 0, so that uint8 clamps as ReLU does", () => {
    expect(tensorOfRange(0, 3).zeroPoint).toBe(0);
  });

  test("a tensor that is always 0 has a valid scale", () => {
    expect(tensorOfRange(0, 0).scale).toBeGreaterThan(0);
  });
});

describe("chooseRange", () => {
  const flat = Array.from({ length: 1000 }, () => 10);

  test("keeps everything when the values fill the range", () => {
    expect(chooseRange(observation(0, 8, flat))).toEqual(tensorOfRange(0, 8));
  });

  test("clips a lonely outlier when that makes many values finer", () => {
    const most = Array.from({ length: 1000 }, (_, bin) => (bin < 300 ? 1e6 : bin === 999 ? 1 : 0));
    const chosen = chooseRange(observation(0, 100, most));
    expect(chosen.scale * 255).toBeLessThan(40);
    expect(chosen.scale * 255).toBeGreaterThanOrEqual(29.9);
  });
});
