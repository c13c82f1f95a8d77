import { expect, test } from "vitest";
import { ErrorDistribution } from "./error-distribution.ts";

test("percentiles are those of the sorted differences", () => {
  const a = Float32Array.from({ length: 1000 }, (_, i) => i / 1000);
  const b = a.map((value, i) => value + (i % 2 === 0 ? 1 : -1) * (i / 2000));
  const sorted = a.map((value, i) => Math.abs(value - b[i])).sort();
  const errors = new ErrorDistribution()
    .add(a.subarray(0, 300), b.subarray(0, 300))
    .add(a.subarray(300), b.subarray(300));
  for (const part of [0.5, 0.9, 0.99]) {
    expect(Math.abs(errors.percentile(part) - sorted[part * 1000 - 1])).toBeLessThanOrEqual(1.01e-4);
  }
  expect(errors.maximum).toBe(sorted[999]);
});

test("equal values have no error, NaN the largest", () => {
  const values = Float32Array.of(0.1, 0.2);
  expect(new ErrorDistribution().add(values, values).percentile(1)).toBe(0);
  expect(new ErrorDistribution().add(values, Float32Array.of(0.1, Number.NaN)).maximum).toBe(1);
  expect(new ErrorDistribution().percentile(0.99)).toBe(0);
  expect(() => new ErrorDistribution().add(values, new Float32Array(3))).toThrow(RangeError);
});
