import { expect, test } from "vitest";
import { epsilon } from "../onnx/fold.ts";
import { type NormedLayer, normalisation, refold } from "./refold.ts";
import { batchStatistics, RunningStatistics } from "./statistics.ts";

/** Gains of either sign, one of them 0. */
const gain = Float32Array.of(1.5, -0.7, 0);
const bias = Float32Array.of(0.2, -0.3, 0.9);
const [oldMean, oldVariance] = [Float32Array.of(1, -2, 3), Float32Array.of(0.5, 4, 2)];
const weight = Float32Array.of(2, -1, 0.5);

/** A 1x1 convolution of one channel with its BatchNorm folded in, as an import leaves it. */
const scale = gain.map((g, c) => g / Math.sqrt(oldVariance[c] + epsilon));
const folded: NormedLayer = {
  ...{ op: "conv", input: "x", output: "y", outChannels: 3, inChannels: 1, kernel: 1, stride: 1, pad: 0, relu: false },
  weight: weight.map((w, c) => w * scale[c]),
  bias: bias.map((b, c) => b - oldMean[c] * scale[c]),
  norm: { gain, bias, variance: oldVariance },
};

const x = Float32Array.of(-1, 0.5, 2, 4);
/** BatchNorm in training, by its definition, of `w * x`. */
const expected = (c: number, w = weight[c]) => {
  const z = x.map((value) => value * w);
  const mean = z.reduce((sum, value) => sum + value) / z.length;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length;
  return z.map((value) => (gain[c] * (value - mean)) / Math.sqrt(variance + epsilon) + bias[c]);
};

test("a folded convolution with a batch's statistics is BatchNorm of the convolution, whatever the gain's sign", () => {
  const bare = Float32Array.from(
    [...folded.norm.gain].flatMap((_, c) => [...x.map((value) => value * folded.weight[c])]),
  );
  const statistics = batchStatistics([bare.slice()], 3);
  const { scale: factor, shift } = normalisation(folded, statistics);
  const anew = refold(folded, statistics);
  if (anew.op !== "conv") throw new Error("no convolution");
  for (let c = 0; c < 3; c++) {
    expected(c).forEach((value, i) => {
      expect(bare[4 * c + i] * factor[c] + shift[c]).toBeCloseTo(value, 5);
      expect(anew.weight[c] * x[i] + anew.bias[c]).toBeCloseTo(value, 5);
    });
  }
  // Its norm is that of the new statistics: folded again with the same images, nothing changes.
  const again = refold(
    anew,
    batchStatistics([Float32Array.from([0, 1, 2].flatMap((c) => [...x.map((v) => v * anew.weight[c])]))], 3),
  );
  for (const key of ["weight", "bias"] as const) {
    if (again.op !== "conv") throw new Error("no convolution");
    again[key].forEach((value, i) => {
      expect(value).toBeCloseTo(anew[key][i], 5);
    });
  }
});

test("an affine is BatchNorm of its input", () => {
  const layer: NormedLayer = {
    op: "affine",
    input: "x",
    output: "y",
    relu: true,
    scale,
    shift: bias,
    norm: folded.norm,
  };
  const input = Float32Array.from([...x, ...x, ...x]);
  const anew = refold(layer, batchStatistics([input], 3));
  if (anew.op !== "affine") throw new Error("no affine");
  for (let c = 0; c < 3; c++) {
    expected(c, 1).forEach((value, i) => {
      expect(x[i] * anew.scale[c] + anew.shift[c]).toBeCloseTo(value, 5);
    });
  }
  expect([...anew.norm.variance]).not.toEqual([...oldVariance]);
});

test("statistics are of all images of a batch together, and running ones the mean over batches", () => {
  const one = batchStatistics([Float32Array.of(1, 2, 10, 10), Float32Array.of(3, 6, 10, 14)], 2);
  expect([...one.mean]).toEqual([3, 11]);
  expect([...one.variance]).toEqual([3.5, 3]);
  expect([...one.unbiased].map((value) => Math.round(3 * value))).toEqual([14, 12]);
  const running = new RunningStatistics(2);
  running.add(one);
  running.add({ mean: Float64Array.of(5, 1), variance: one.variance, unbiased: Float64Array.of(0, 0) });
  const { mean, variance } = running.result();
  expect([...mean]).toEqual([4, 6]);
  expect(variance[1]).toBeCloseTo(2, 12);
});
