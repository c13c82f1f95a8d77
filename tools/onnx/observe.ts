/**
 * @module
 * Runs a float32 network on calibration images and collects extremes and channel means of its inner tensors.
 * One image and a limited number of tensors at a time, because full-size maps are tens of MB.
 */
import { emitOnnx } from "./emit.ts";
import { inferShapes, type Network } from "./network.ts";
import { openModel } from "./session.ts";

/** Statistics of one tensor over the calibration. */
export type Observation = {
  /** At most 0. */
  minimum: number;
  /** At least 0. */
  maximum: number;
  /** Mean of every channel over all images and positions. */
  channelMeans: Float64Array;
};

/** Values that one session may answer beside the network's own outputs: 192 MB of float32. */
const maxObservedValues = 48 * 2 ** 20;

/** Splits names so that the tensors of each group fit into memory together. */
function groups(names: string[], size: (name: string) => number): string[][] {
  const result: string[][] = [];
  let room = 0;
  for (const name of names) {
    if (result.length === 0 || size(name) > room) {
      result.push([]);
      room = maxObservedValues;
    }
    result[result.length - 1].push(name);
    room -= size(name);
  }
  return result;
}

function measure(observation: Observation, values: Float32Array, images: number): void {
  const { channelMeans } = observation;
  const area = values.length / channelMeans.length;
  for (let c = 0; c < channelMeans.length; c++) {
    let sum = 0;
    for (let i = c * area; i < (c + 1) * area; i++) {
      const value = values[i];
      sum += value;
      if (value < observation.minimum) observation.minimum = value;
      if (value > observation.maximum) observation.maximum = value;
    }
    channelMeans[c] += sum / area / images;
  }
}

/**
 * @param names tensors to observe
 * @param images inputs of the network, `[C, H, W]` each
 * @returns an observation for every name
 */
export async function observe(
  network: Network,
  names: string[],
  images: readonly Float32Array[],
): Promise<Map<string, Observation>> {
  const shapes = inferShapes(network);
  const shapeOf = (name: string) => shapes.get(name) ?? { channels: 0, height: 0, width: 0 };
  const observations = new Map<string, Observation>();
  const { channels, height, width } = network.input;
  const size = (name: string) => shapeOf(name).channels * shapeOf(name).height * shapeOf(name).width;
  for (const group of groups(names, size)) {
    const model = await openModel(emitOnnx(network, { extraOutputs: group }), [1, channels, height, width], false);
    const seen = group.map((name): [string, Observation] => {
      const channelMeans = new Float64Array(shapeOf(name).channels);
      return [name, { minimum: 0, maximum: 0, channelMeans }];
    });
    for (const image of images) {
      const outputs = await model.run(image);
      for (const [name, observation] of seen)
        measure(observation, outputs.get(name) ?? new Float32Array(), images.length);
    }
    for (const [name, observation] of seen) observations.set(name, observation);
    await model.release();
  }
  return observations;
}
