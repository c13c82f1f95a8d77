import { expect, test } from "vitest";
import { noise } from "../../wasm/test-arena.ts";
import { roundKeepingSum } from "./round-kernel.ts";

const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);

test("every weight stays within 1, and the sum within one half", () => {
  for (let seed = 1; seed < 200; seed++) {
    const kernel = noise(9, seed).map((value) => value * 20);
    const rounded = roundKeepingSum(kernel, 127);
    rounded.forEach((value, i) => {
      expect(Number.isInteger(value)).toBe(true);
      expect(Math.abs(value - kernel[i])).toBeLessThan(1);
    });
    expect(Math.abs(sum(rounded) - sum(kernel))).toBeLessThanOrEqual(0.5 + 1e-5);
  }
});

test("rounding alone would lose the sum", () => {
  const kernel = new Float32Array(9).fill(0.4);
  expect([...roundKeepingSum(kernel, 127)].filter((value) => value === 1)).toHaveLength(4);
});

test("NaN and infinite weights are an error, not a loop without end", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(() => roundKeepingSum(Float32Array.of(1, value, 3), 127)).toThrow(/NaN or infinite/);
  }
});

test("the largest integer is never passed", () => {
  const kernel = Float32Array.of(127, 127, 127, 126.6, 126.6, 126.6, -0.4, -0.4, -0.4);
  for (const value of roundKeepingSum(kernel, 127)) expect(Math.abs(value)).toBeLessThanOrEqual(127);
  expect([...roundKeepingSum(Float32Array.of(0.5), 127)]).toEqual([1]);
});
