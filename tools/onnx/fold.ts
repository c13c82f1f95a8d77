/**
 * @module
 * BatchNorm in inference is `x * scale + shift` per channel, and can be folded into a convolution before it.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import type { Norm } from "./network.ts";

/** Scale and shift of each channel. */
export type ScaleShift = { scale: Float64Array; shift: Float64Array };

/** PyTorch's default, which the published networks use. */
export const epsilon = 1e-5;

/** @throws {GlamError} checkpoint-mismatch when a name is missing; `assertLayout` reports all of them at once */
export function tensorData(checkpoint: Checkpoint, name: string): Float32Array {
  const tensor = checkpoint.get(name);
  if (!tensor) throw new GlamError("checkpoint-mismatch", `The checkpoint has no ${name}.`);
  return tensor.data;
}

/**
 * @param name prefix of weight, bias, running_mean and running_var
 * @throws {GlamError} checkpoint-mismatch when a variance is negative or anything is not finite
 */
export function batchNorm(checkpoint: Checkpoint, name: string): ScaleShift & { norm: Norm } {
  const [gain, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((part) =>
    tensorData(checkpoint, `${name}.${part}`),
  );
  const scale = Float64Array.from(gain, (g, c) => g / Math.sqrt(variance[c] + epsilon));
  const shift = Float64Array.from(bias, (b, c) => b - mean[c] * scale[c]);
  if (!scale.every(Number.isFinite) || !shift.every(Number.isFinite)) {
    throw new GlamError("checkpoint-mismatch", `The statistics of ${name} are not usable: check its running_var.`);
  }
  return { scale, shift, norm: { gain, bias, variance } };
}

/**
 * Folds `bn(conv(x))` into one convolution.
 * @param weight `[out, ...]`, without bias
 */
export function foldIntoConvolution(
  weight: Float32Array,
  { scale, shift }: ScaleShift,
): { weight: Float32Array; bias: Float32Array } {
  const perChannel = weight.length / scale.length;
  return {
    weight: weight.map((w, i) => w * scale[Math.floor(i / perChannel)]),
    bias: Float32Array.from(shift),
  };
}

/**
 * Sums a kernel over its input channels: the same result for a grey image that is repeated in every channel.
 * @param weight `[out, in, area]`
 * @returns `[out, 1, area]`
 */
export function sumInputChannels(weight: Float32Array, inChannels: number, area: number): Float32Array {
  const summed = new Float64Array(weight.length / inChannels);
  weight.forEach((w, i) => {
    summed[Math.floor(i / (inChannels * area)) * area + (i % area)] += w;
  });
  return Float32Array.from(summed);
}
