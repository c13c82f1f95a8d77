/**
 * @module
 * `norms.bin` of a bundle: gain, bias and variance of the global network's BatchNorms, which folding hides and `glam adapt` needs. The
 * container is that of the engine's weights; `<layer>.norm` is `[3][channels]` f32: gain, bias, variance. Inference does not load it.
 */
import { readWeightsFile, writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Affine, Convolution, Layer, Network, Norm } from "../onnx/network.ts";

/** @returns the file; equal norms give equal bytes */
export function writeNorms({ layers }: Network): Uint8Array {
  const tensors = new Map(
    layers.flatMap((layer): [string, Float32Array][] => {
      if (!("norm" in layer) || layer.norm === undefined) return [];
      const { gain, bias, variance } = layer.norm;
      return [[`${layer.output}.norm`, Float32Array.from([...gain, ...bias, ...variance])]];
    }),
  );
  return writeWeightsFile({ network: "global", tensors });
}

const channelsOf = (layer: Convolution | Affine): number =>
  layer.op === "conv" ? layer.outChannels : layer.scale.length;

/**
 * @param network without norms
 * @throws {GlamError} model-damaged when the file is of another network
 */
export function withNorms(network: Network, file: Uint8Array): Network {
  const { tensors } = readWeightsFile(file);
  let found = 0;
  const layers = network.layers.map((layer): Layer => {
    const tensor = tensors.get(`${layer.output}.norm`);
    if (tensor === undefined || (layer.op !== "conv" && layer.op !== "affine")) return layer;
    const channels = channelsOf(layer);
    if (tensor.length !== 3 * channels || !(tensor instanceof Float32Array)) return layer;
    found++;
    const part = (i: number) => tensor.slice(i * channels, (i + 1) * channels);
    const norm: Norm = { gain: part(0), bias: part(1), variance: part(2) };
    return { ...layer, norm };
  });
  // A network whose BatchNorms are only partly known cannot be adapted.
  const needed = layers.filter((layer) => layer.op === "affine" && layer.norm === undefined);
  if (found !== tensors.size || needed.length > 0) {
    throw new GlamError("model-damaged", "norms.bin does not fit the global network; import the checkpoint again.");
  }
  return { ...network, layers };
}
