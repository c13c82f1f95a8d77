import { describe, expect, test } from "vitest";
import { chooseRange, tensorOfRange } from "./range.ts";

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

test("a range holds what was observed and a fifth more on both sides", () => {
  const { scale, zeroPoint } = chooseRange({ minimum: -2, maximum: 5, channelMeans: new Float64Array(1) });
  expect(-zeroPoint * scale).toBeCloseTo(-2.4, 1);
  expect((255 - zeroPoint) * scale).toBeCloseTo(6, 1);
});
