/**
 * @module
 * BatchNorm folded again, with other statistics. A folded convolution has the weights
 * `w' = w * gain / sqrt(variance + epsilon)` of its original `w`, so its statistics are those of `w' * x`, and the sign of the gain is in `w'`.
 */
import { epsilon, type ScaleShift } from "../onnx/fold.ts";
import type { Affine, Convolution, Layer, Norm } from "../onnx/network.ts";

/** Of each channel, `[channels]`. */
export type Statistics = { mean: Float64Array; variance: Float64Array };

/** A layer whose BatchNorm is known. */
export type NormedLayer = (Convolution | Affine) & { norm: Norm };

export const isNormed = (layer: Layer): layer is NormedLayer => "norm" in layer && layer.norm !== undefined;

/** Square of the factor by which folding multiplied an output channel's kernel. */
const foldedScale = ({ gain, variance }: Norm, c: number): number => gain[c] ** 2 / (variance[c] + epsilon);

/**
 * Scale and shift of the layer's BatchNorm with these statistics.
 * @param statistics of its input: an affine's input, or a convolution's output with the folded kernel and without bias
 */
export function normalisation(layer: NormedLayer, { mean, variance }: Statistics): ScaleShift {
  const { norm } = layer;
  const { gain, bias } = norm;
  const scale = Float64Array.from(gain, (g, c) => {
    if (layer.op === "affine") return g / Math.sqrt(variance[c] + epsilon);
    // With a gain of 0 the kernel is 0, and so is its output.
    return g === 0 ? 1 : Math.abs(g) / Math.sqrt(variance[c] + epsilon * foldedScale(norm, c));
  });
  return { scale, shift: Float64Array.from(bias, (b, c) => b - mean[c] * scale[c]) };
}

/** The layer as it would have been folded with these statistics in the checkpoint; see {@link normalisation}. */
export function refold(layer: NormedLayer, statistics: Statistics): NormedLayer {
  const { scale, shift } = normalisation(layer, statistics);
  const { norm } = layer;
  if (layer.op === "affine") {
    const variance = Float32Array.from(statistics.variance);
    return { ...layer, scale: Float32Array.from(scale), shift: Float32Array.from(shift), norm: { ...norm, variance } };
  }
  const perChannel = layer.weight.length / layer.outChannels;
  const variance = norm.variance.map((old, c) =>
    norm.gain[c] === 0 ? old : statistics.variance[c] / foldedScale(norm, c),
  );
  return {
    ...layer,
    weight: layer.weight.map((w, i) => w * scale[Math.floor(i / perChannel)]),
    bias: Float32Array.from(shift),
    norm: { ...norm, variance },
  };
}
