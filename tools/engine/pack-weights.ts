/**
 * @module
 * From a network's layer list (BatchNorm folded) to the packed tensors of the SIMD engine.
 */
import { paddedChannels } from "../../src/edge/inference/simd/feature-map.ts";
import type { NetworkKind, PackedTensor, PackedWeights } from "../../src/edge/inference/simd/weights-file.ts";
import type { Affine, Convolution, Network } from "../onnx/network.ts";
import { roundKeepingSum } from "./round-kernel.ts";

/**
 * Number format of the weights. `int8` is for the large convolutions, which hold nearly all of the bytes. The small, early ones are int16, because
 * their errors grow through every later layer; stems, taps and biases are f32.
 */
export type WeightFormat = "int8" | "f32";

/** Weights from which a convolution counts as large: in the released networks, from 128 to 256 channels on. */
const largeConvolution = 2 ** 18;

/** How a convolution is stored: type, and the largest integer, 0 for f32. */
function storageOf({ weight, kernel }: Convolution, format: WeightFormat) {
  if (format === "f32" || kernel === 7) return { View: Float32Array, most: 0 };
  return weight.length >= largeConvolution ? { View: Int8Array, most: 127 } : { View: Int16Array, most: 32767 };
}

/** `[planes][gain 4, bias 4]`; channels that are only padding get 0 and 0. */
function packAffine(gain: ArrayLike<number>, bias: ArrayLike<number>): Float32Array {
  const packed = new Float32Array(paddedChannels(bias.length) * 2);
  for (let c = 0; c < bias.length; c++) {
    const at = Math.floor(c / 4) * 8 + (c % 4);
    packed[at] = gain[c];
    packed[at + 4] = bias[c];
  }
  return packed;
}

/**
 * Where an element goes: 3x3 at stride 1 is `[block][channel][tap][8]` for Winograd, everything else
 * `[block][tap][channel][8]` for a matrix product.
 */
export function packedIndex({
  inChannels,
  kernel,
  stride,
}: Convolution): (out: number, input: number, tap: number) => number {
  const channels = inChannels === 1 ? 1 : paddedChannels(inChannels);
  const taps = kernel * kernel;
  const winograd = kernel === 3 && stride === 1;
  return (out, input, tap) => {
    const block = Math.floor(out / 8);
    const inner = winograd ? input * taps + tap : tap * channels + input;
    return (block * channels * taps + inner) * 8 + (out % 8);
  };
}

/** Symmetric scales: the largest weight of each output channel becomes `most`. */
function channelScales({ weight, outChannels }: Convolution, most: number): Float32Array {
  const perChannel = weight.length / outChannels;
  return Float32Array.from({ length: outChannels }, (_, c) => {
    const largest = weight.subarray(c * perChannel, (c + 1) * perChannel).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    return largest > 0 ? largest / most : 1;
  });
}

/** One convolution: its packed weights, and the gains that undo their scaling with the biases. */
export function packConvolution(
  layer: Convolution,
  format: WeightFormat,
): { weight: PackedTensor; affine: Float32Array } {
  const { weight, outChannels, inChannels, kernel, bias } = layer;
  const channels = inChannels === 1 ? 1 : paddedChannels(inChannels);
  const taps = kernel * kernel;
  const { View, most } = storageOf(layer, format);
  const scales = most === 0 ? new Float32Array(outChannels).fill(1) : channelScales(layer, most);
  const packed = new View(paddedChannels(outChannels) * channels * taps);
  const index = packedIndex(layer);
  for (let o = 0; o < outChannels; o++) {
    for (let i = 0; i < inChannels; i++) {
      const from = (o * inChannels + i) * taps;
      const scaled = weight.subarray(from, from + taps).map((value) => value / scales[o]);
      const values = most === 0 ? scaled : roundKeepingSum(scaled, most);
      for (let t = 0; t < taps; t++) packed[index(o, i, t)] = values[t];
    }
  }
  return { weight: packed, affine: packAffine(scales, bias) };
}

/** Names of the convolutions to class logits. */
export const classTap = /^tap\d$|^l\.logits$/;

/** 1x1 convolution to class logits: `[classes][planes][4]`. */
function packClasses({ weight, outChannels, inChannels }: Convolution): Float32Array {
  const channels = paddedChannels(inChannels);
  const packed = new Float32Array(outChannels * channels);
  for (let k = 0; k < outChannels; k++) {
    packed.set(weight.subarray(k * inChannels, (k + 1) * inChannels), k * channels);
  }
  return packed;
}

/** Logits have no bias in any GLAM. */
function assertNoBias({ bias, output }: Convolution): void {
  if (bias.some((value) => value !== 0)) throw new RangeError(`${output} has a bias.`);
}

/**
 * @param network `globalNetwork` or `localNetwork` of `glam import`
 * @example writeWeightsFile(packWeights("local", localNetwork(checkpoint, spec), "int8"))
 */
export function packWeights(kind: NetworkKind, { layers }: Network, format: WeightFormat): PackedWeights {
  const tensors = new Map<string, PackedTensor>();
  const convolutions = layers.filter((layer): layer is Convolution => layer.op === "conv");
  const affines = layers.filter((layer): layer is Affine => layer.op === "affine");
  for (const { output, scale, shift } of affines) tensors.set(`${output}.affine`, packAffine(scale, shift));
  for (const layer of convolutions) {
    if (classTap.test(layer.output)) {
      assertNoBias(layer);
      tensors.set(`${layer.output}.classes`, packClasses(layer));
      continue;
    }
    const { weight, affine } = packConvolution(layer, format);
    tensors.set(`${layer.output}.weight`, weight);
    tensors.set(`${layer.output}.affine`, affine);
  }
  return { network: kind, tensors };
}
