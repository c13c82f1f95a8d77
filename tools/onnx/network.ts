/**
 * @module
 * A network as a short list of layers, between the checkpoint and ONNX: BatchNorm is folded, and every layer can be
 * written in float32 or quantised. Tensors have names; one image at a time; layout `[C, H, W]`.
 */

/** Channels, height, width. */
export type MapShape = { channels: number; height: number; width: number };

/** Parameters of a BatchNorm, `[channels]` each, to fold it again with other statistics. */
export type Norm = { gain: Float32Array; bias: Float32Array; variance: Float32Array };

/** Square kernel, the same stride and zero padding on both axes. `relu` clamps the output at 0. */
export type Convolution = {
  op: "conv";
  input: string;
  output: string;
  /** `[outChannels, inChannels, kernel, kernel]` */
  weight: Float32Array;
  /** `[outChannels]` */
  bias: Float32Array;
  outChannels: number;
  inChannels: number;
  kernel: number;
  stride: number;
  pad: number;
  relu: boolean;
  /** The BatchNorm behind it that is folded in, where it is known. */
  norm?: Norm;
};

/** `x * scale + shift` per channel: a BatchNorm that no convolution can take in. */
export type Affine = {
  op: "affine";
  input: string;
  output: string;
  scale: Float32Array;
  shift: Float32Array;
  relu: boolean;
  /** The BatchNorm that it is, where it is known. */
  norm?: Norm;
};

/** Elementwise sum of two maps. */
export type Sum = { op: "add"; inputs: [string, string]; output: string; relu: boolean };

/** Maximum over 3x3, stride 2. */
export type MaxPool = { op: "maxpool"; input: string; output: string; pad: number };

/** Nearest neighbour: source index = floor(i * in / out) on each axis. */
export type NearestResize = { op: "nearest"; input: string; output: string; height: number; width: number };

/** The logistic function. */
export type Sigmoid = { op: "sigmoid"; input: string; output: string };

export type Layer = Convolution | Affine | Sum | MaxPool | NearestResize | Sigmoid;

/** One network; layers are in an order in which they can run. */
export type Network = {
  name: string;
  input: MapShape & { name: string };
  outputs: string[];
  layers: Layer[];
};

/** @returns names of the tensors that a layer reads */
export const layerInputs = (layer: Layer): string[] => (layer.op === "add" ? layer.inputs : [layer.input]);

const reduced = (size: number, kernel: number, stride: number, pad: number): number =>
  Math.floor((size + 2 * pad - kernel) / stride) + 1;

/** @returns the shape of every tensor of the network */
export function inferShapes(network: Network): Map<string, MapShape> {
  const { name, channels, height, width } = network.input;
  const shapes = new Map<string, MapShape>([[name, { channels, height, width }]]);
  for (const layer of network.layers) {
    const input = shapes.get(layerInputs(layer)[0]);
    if (!input) throw new Error(`layer ${layer.output} runs before its input`);
    shapes.set(layer.output, outputShape(layer, input));
  }
  return shapes;
}

function outputShape(layer: Layer, input: MapShape): MapShape {
  switch (layer.op) {
    case "conv": {
      const { kernel, stride, pad } = layer;
      return {
        channels: layer.outChannels,
        height: reduced(input.height, kernel, stride, pad),
        width: reduced(input.width, kernel, stride, pad),
      };
    }
    case "maxpool":
      return {
        channels: input.channels,
        height: reduced(input.height, 3, 2, layer.pad),
        width: reduced(input.width, 3, 2, layer.pad),
      };
    case "nearest":
      return { channels: input.channels, height: layer.height, width: layer.width };
    default:
      return input;
  }
}

/** @returns multiply-accumulates of every convolution, by output name */
export function countMacs(network: Network): Map<string, number> {
  const shapes = inferShapes(network);
  const macs = new Map<string, number>();
  for (const layer of network.layers) {
    const shape = shapes.get(layer.output);
    if (layer.op === "conv" && shape) macs.set(layer.output, layer.weight.length * shape.height * shape.width);
  }
  return macs;
}
