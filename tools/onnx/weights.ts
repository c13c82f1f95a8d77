/**
 * @module
 * A float32 convolution -> int8 weights with one scale per output channel.
 */
import type { Convolution } from "./network.ts";
import type { QuantisedConvolution, QuantisedTensor } from "./quantisation.ts";

/** Shares of a channel's largest weight that are tried as its range: clipping a little may cost less than coarser steps. */
const kept = [1, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79];

const toInt8 = (weight: number, scale: number): number => Math.max(-127, Math.min(127, Math.round(weight / scale)));

function channelScale(weights: Float32Array): number {
  const largest = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
  if (largest === 0) return 1;
  let best = Math.fround(largest / 127);
  let bestError = Number.POSITIVE_INFINITY;
  for (const part of kept) {
    const scale = Math.fround((largest * part) / 127);
    const error = weights.reduce((sum, w) => sum + (w - toInt8(w, scale) * scale) ** 2, 0);
    if (error < bestError) [best, bestError] = [scale, error];
  }
  return best;
}

/**
 * @param input range of the tensor that the convolution reads
 * @param inputMeans mean of each of its channels: the rounded weights shift the output by a constant on average, which the
 *   bias corrects
 */
export function quantiseConvolution(
  { weight, bias, outChannels, inChannels, kernel }: Convolution,
  input: QuantisedTensor,
  inputMeans: Float64Array,
): QuantisedConvolution {
  const area = kernel * kernel;
  const perChannel = inChannels * area;
  const result = {
    weight: new Int8Array(weight.length),
    scales: new Float32Array(outChannels),
    bias: new Float32Array(outChannels),
  };
  for (let o = 0; o < outChannels; o++) {
    const weights = weight.subarray(o * perChannel, (o + 1) * perChannel);
    // A nearly dead channel may have a bias that is huge in its own tiny steps; int32 must still hold it.
    const scale = Math.max(channelScale(weights), Math.abs(bias[o]) / (input.scale * 2 ** 30));
    result.scales[o] = scale;
    let shift = 0;
    weights.forEach((w, i) => {
      const quantised = toInt8(w, scale);
      result.weight[o * perChannel + i] = quantised;
      shift += (quantised * result.scales[o] - w) * inputMeans[Math.floor(i / area)];
    });
    result.bias[o] = bias[o] - shift;
  }
  return result;
}
