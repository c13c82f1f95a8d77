/**
 * @module
 * A weights file of the SIMD engine -> the layer list that it was packed from, with integer weights as the float32 values
 * that they stand for.
 */

import { paddedChannels } from "../../src/edge/inference/simd/feature-map.ts";
import { type PackedTensor, readWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { Convolution, Network } from "../onnx/network.ts";
import { fillNetwork } from "../onnx/spec-network.ts";
import { classTap, packedIndex } from "./pack-weights.ts";

/** Gain and bias of `channels` channels from `[planes][gain 4, bias 4]`. */
function unpackAffine(packed: PackedTensor, channels: number): { gain: Float32Array; bias: Float32Array } {
  const at = (c: number) => Math.floor(c / 4) * 8 + (c % 4);
  return {
    gain: Float32Array.from({ length: channels }, (_, c) => packed[at(c)]),
    bias: Float32Array.from({ length: channels }, (_, c) => packed[at(c) + 4]),
  };
}

/** @throws {GlamError} model-damaged when a tensor is missing */
export function unpackWeights(file: Uint8Array, spec: Spec): Network {
  const { network, tensors } = readWeightsFile(file);
  const tensor = (name: string): PackedTensor => {
    const found = tensors.get(name);
    if (!found) throw new GlamError("model-damaged", `The weights file has no ${name}.`);
    return found;
  };

  function convolution(layer: Convolution): Pick<Convolution, "weight" | "bias"> {
    const { output, inChannels, outChannels, kernel } = layer;
    const weight = new Float32Array(layer.weight.length);
    if (classTap.test(output)) {
      const packed = tensor(`${output}.classes`);
      const stride = paddedChannels(inChannels);
      weight.forEach((_, i) => {
        weight[i] = packed[Math.floor(i / inChannels) * stride + (i % inChannels)];
      });
      return { weight, bias: new Float32Array(outChannels) };
    }
    const packed = tensor(`${output}.weight`);
    const { gain, bias } = unpackAffine(tensor(`${output}.affine`), outChannels);
    const index = packedIndex(layer);
    const taps = kernel * kernel;
    weight.forEach((_, i) => {
      const o = Math.floor(i / (inChannels * taps));
      weight[i] = packed[index(o, Math.floor(i / taps) % inChannels, i % taps)] * gain[o];
    });
    return { weight, bias };
  }

  return fillNetwork(network, spec, {
    convolution,
    affine({ output, scale }) {
      const { gain, bias } = unpackAffine(tensor(`${output}.affine`), scale.length);
      return { scale: gain, shift: bias };
    },
  });
}
