/**
 * @module
 * Static quantisation of a network: which convolutions run on bytes, with which ranges and weights.
 */

import type { Convolution, Network } from "./network.ts";
import type { Observation } from "./observe.ts";
import { observe } from "./observe.ts";
import type { Quantisation, QuantisedTensor } from "./quantisation.ts";
import { chooseRange } from "./range.ts";
import { quantiseConvolution } from "./weights.ts";

/**
 * Narrower convolutions stay float32: uint8 x int8 needs about 64 channels to be faster in onnxruntime-web, and they hold
 * few weights.
 */
export const defaultMinimumChannels = 64;

/** @returns the 3x3 convolutions that read and write at least `minimumChannels` channels */
export function quantisable(network: Network, minimumChannels = defaultMinimumChannels): Convolution[] {
  return network.layers.filter(
    (layer): layer is Convolution =>
      layer.op === "conv" && layer.kernel === 3 && Math.min(layer.inChannels, layer.outChannels) >= minimumChannels,
  );
}

/** Statistics of a network, from which any subset of `convolutions` can be quantised. */
export type Calibration = { convolutions: Convolution[]; observations: Map<string, Observation> };

/** Observes the input of every quantisable convolution. */
export async function calibrate(
  network: Network,
  images: readonly Float32Array[],
  minimumChannels?: number,
): Promise<Calibration> {
  const convolutions = quantisable(network, minimumChannels);
  const names = [...new Set(convolutions.map(({ input }) => input))];
  return { convolutions, observations: await observe(network, names, images) };
}

/**
 * @param keep names of convolutions that stay float32
 * @returns ranges and weights of the others
 */
export function quantise(
  { convolutions, observations }: Calibration,
  keep: ReadonlySet<string> = new Set(),
): Quantisation {
  const result: Quantisation = { tensors: new Map(), convolutions: new Map() };
  const observed = (name: string): Observation => {
    const observation = observations.get(name);
    if (!observation) throw new Error(`tensor ${name} was not observed`);
    return observation;
  };
  const tensor = (name: string): QuantisedTensor => {
    const range = result.tensors.get(name) ?? chooseRange(observed(name));
    result.tensors.set(name, range);
    return range;
  };
  for (const convolution of convolutions) {
    if (keep.has(convolution.output)) continue;
    const input = tensor(convolution.input);
    const { channelMeans } = observed(convolution.input);
    result.convolutions.set(convolution.output, quantiseConvolution(convolution, input, channelMeans));
  }
  return result;
}
