import { expect, test } from "vitest";
import type { Convolution } from "./network.ts";
import { quantiseConvolution } from "./weights.ts";

const layer = (weight: number[], bias: number[], inChannels: number): Convolution => ({
  op: "conv",
  input: "x",
  output: "y",
  weight: Float32Array.from(weight),
  bias: Float32Array.from(bias),
  outChannels: bias.length,
  inChannels,
  kernel: 1,
  stride: 1,
  pad: 0,
  relu: false,
});

const input = { scale: 0.02, zeroPoint: 0 };

test("every output channel has its own scale, and weights come back within half a step", () => {
  const weight = [0.5, -0.25, 0.1, 100, -60, 33];
  const { weight: quantised, scales } = quantiseConvolution(layer(weight, [0, 0], 3), input, new Float64Array(3));
  weight.forEach((w, i) => {
    const scale = scales[Math.floor(i / 3)];
    // The largest weight may be clipped by up to a fifth when that serves the others.
    expect(Math.abs(quantised[i] * scale - w)).toBeLessThanOrEqual(
      Math.abs(w) >= 127 * scale ? 0.21 * Math.abs(w) : scale / 2,
    );
  });
  expect(scales[1] / scales[0]).toBeGreaterThan(100);
});

test("the bias takes back what rounding the weights shifts the output by on average", () => {
  const weight = Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7) * 0.1);
  const means = Float64Array.from({ length: 64 }, (_, i) => 1 + (i % 5));
  const convolution = layer(weight, [0.3], 64);
  const expected = weight.reduce((sum, w, i) => sum + Math.fround(w) * means[i], 0.3);
  const found = (correction: Float64Array) => {
    const { weight: quantised, scales, bias } = quantiseConvolution(convolution, input, correction);
    return quantised.reduce((sum, w, i) => sum + w * scales[0] * means[i], bias[0]);
  };
  const step = (input.scale * 0.1) / 127;
  expect(Math.abs(found(means) - expected)).toBeLessThan(step);
  expect(Math.abs(found(new Float64Array(64)) - expected)).toBeGreaterThan(5 * step);
});

test("dead channels keep a usable scale and their bias", () => {
  const { scales, bias } = quantiseConvolution(layer([0, 0, 1e-12, -1e-12], [0.5, -7], 2), input, new Float64Array(2));
  const steps = bias.map((b, o) => b / (input.scale * scales[o]));
  expect(steps.every((step) => Math.abs(step) < 2 ** 31)).toBe(true);
  expect([...bias]).toEqual([0.5, -7]);
});
