import { expect, test } from "vitest";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { batchNorm, foldIntoConvolution, sumInputChannels } from "./fold.ts";

const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

const checkpoint = (variance: number[]): Checkpoint =>
  new Map([
    ["bn.weight", vector(2, -1)],
    ["bn.bias", vector(0.5, 3)],
    ["bn.running_mean", vector(1, -4)],
    ["bn.running_var", vector(...variance)],
  ]);

test("a folded convolution does what BatchNorm after the convolution does", () => {
  const [mean, variance, gamma, beta] = [
    [1, -4],
    [0.25, 9],
    [2, -1],
    [0.5, 3],
  ];
  const weight = Float32Array.of(0.3, -0.7, 1.1, 0.2);
  const folded = foldIntoConvolution(weight, batchNorm(checkpoint(variance), "bn"));
  for (const x of [
    [1, 2],
    [-3, 0.5],
  ]) {
    for (const o of [0, 1]) {
      const plain = weight[2 * o] * x[0] + weight[2 * o + 1] * x[1];
      const expected = ((plain - mean[o]) / Math.sqrt(variance[o] + 1e-5)) * gamma[o] + beta[o];
      expect(folded.weight[2 * o] * x[0] + folded.weight[2 * o + 1] * x[1] + folded.bias[o]).toBeCloseTo(expected, 5);
    }
  }
});

test("a negative variance is refused, not turned into NaN weights", () => {
  expect(() => batchNorm(checkpoint([1, -2]), "bn")).toThrow(/bn .*running_var/);
});

test("a kernel summed over its input channels treats grey as the whole kernel treats three equal channels", () => {
  const weight = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => Math.sin(i + 1));
  const summed = sumInputChannels(weight, 3, 4);
  const grey = [0.5, -1, 2, 3];
  for (const o of [0, 1]) {
    let expected = 0;
    for (let i = 0; i < 3; i++) for (let k = 0; k < 4; k++) expected += weight[(o * 3 + i) * 4 + k] * grey[k];
    const found = grey.reduce((sum, x, k) => sum + x * summed[o * 4 + k], 0);
    expect(found).toBeCloseTo(expected, 5);
  }
});
