/**
 * @module
 * A list of layers -> ONNX bytes, in float32 or with chosen convolutions quantised.
 */
import { GraphWriter } from "./graph.ts";
import { type Convolution, inferShapes, type Layer, layerInputs, type MapShape, type Network } from "./network.ts";
import type { Quantisation, QuantisedConvolution, QuantisedTensor } from "./quantisation.ts";

/** How to write a network. */
export type EmitOptions = {
  /** Convolutions that it names run on uint8 activations and int8 weights; the rest stays float32. */
  quantisation?: Quantisation;
  /** Inner tensors to answer as well, for calibration. */
  extraOutputs?: string[];
};

const dims = ({ channels, height, width }: MapShape): number[] => [1, channels, height, width];

/** Keeps track of which tensors exist as float32 and which as uint8, and converts on demand, once. */
class Emitter {
  readonly graph = new GraphWriter();
  readonly shapes: Map<string, MapShape>;
  private readonly quantisation: Quantisation | undefined;
  private readonly floats = new Set<string>();
  private readonly bytes = new Set<string>();

  constructor(network: Network, quantisation: Quantisation | undefined) {
    this.shapes = inferShapes(network);
    this.quantisation = quantisation;
    this.floats.add(network.input.name);
  }

  layer(layer: Layer): void {
    const quantised = layer.op === "conv" ? this.quantisation?.convolutions.get(layer.output) : undefined;
    if (layer.op === "conv" && quantised) {
      this.quantisedConvolution(layer, quantised);
      this.bytes.add(layer.output);
      return;
    }
    const inputs = layerInputs(layer).map((name) => this.float(name));
    const relu = "relu" in layer && layer.relu;
    const output = relu ? `${layer.output}.linear` : layer.output;
    this.floatLayer(layer, inputs, output);
    if (relu) this.graph.node("Relu", [output], layer.output);
    this.floats.add(layer.output);
  }

  /** @returns the tensor's name as float32 */
  float(name: string): string {
    if (!this.floats.has(name)) {
      this.graph.node("DequantizeLinear", [`${name}.u8`, ...this.parameters(name)], name);
      this.floats.add(name);
    }
    return name;
  }

  /** @returns the tensor's name as uint8 */
  private byte(name: string): string {
    if (!this.bytes.has(name)) {
      this.graph.node("QuantizeLinear", [name, ...this.parameters(name)], `${name}.u8`);
      this.bytes.add(name);
    }
    return `${name}.u8`;
  }

  private tensor(name: string): QuantisedTensor {
    const tensor = this.quantisation?.tensors.get(name);
    if (!tensor) throw new Error(`tensor ${name} has no range`);
    return tensor;
  }

  /** @returns names of the tensor's scale and zero point */
  private parameters(name: string): [string, string] {
    const { scale, zeroPoint } = this.tensor(name);
    return [
      this.graph.initialiser(`${name}.u8.scale`, [], Float32Array.of(scale)),
      this.graph.initialiser(`${name}.u8.zero`, [], Uint8Array.of(zeroPoint)),
    ];
  }

  private quantisedConvolution(layer: Convolution, { weight, scales, bias }: QuantisedConvolution): void {
    const { output, outChannels, inChannels, kernel } = layer;
    const inputs = [
      this.byte(layer.input),
      ...this.parameters(layer.input),
      this.graph.initialiser(`${output}.weight`, [outChannels, inChannels, kernel, kernel], weight),
      this.graph.initialiser(`${output}.weight.scale`, [outChannels], scales),
      this.graph.initialiser(`${output}.weight.zero`, [outChannels], new Int8Array(outChannels)),
      ...this.parameters(output),
      this.graph.initialiser(`${output}.bias`, [outChannels], bias),
    ];
    // ReLU needs no node: a range that starts at 0 has zero point 0, and uint8 cannot go below.
    this.graph.node("QLinearConv", inputs, `${output}.u8`, convolutionAttributes(layer));
  }

  private floatLayer(layer: Layer, inputs: string[], output: string): void {
    const { graph } = this;
    const constant = (part: string, data: Float32Array, shape = [data.length]): string =>
      graph.initialiser(`${layer.output}.${part}`, shape, data);
    switch (layer.op) {
      case "conv": {
        const { outChannels, inChannels, kernel } = layer;
        const weight = constant("weight", layer.weight, [outChannels, inChannels, kernel, kernel]);
        const bias = layer.bias.some((b) => b !== 0) ? [constant("bias", layer.bias)] : [];
        graph.node("Conv", [...inputs, weight, ...bias], output, convolutionAttributes(layer));
        return;
      }
      case "affine": {
        // One pass over the map, where Mul and Add are two.
        const channels = layer.scale.length;
        const zero = graph.initialiser(`zeros.${channels}`, [channels], new Float32Array(channels));
        const one = graph.initialiser(`ones.${channels}`, [channels], new Float32Array(channels).fill(1));
        const scaleShift = [constant("scale", layer.scale), constant("shift", layer.shift)];
        graph.node("BatchNormalization", [...inputs, ...scaleShift, zero, one], output, { epsilon: { float: 0 } });
        return;
      }
      case "add":
        graph.node("Add", inputs, output);
        return;
      case "maxpool":
        graph.node("MaxPool", inputs, output, {
          kernel_shape: [3, 3],
          strides: [2, 2],
          pads: [layer.pad, layer.pad, layer.pad, layer.pad],
        });
        return;
      case "nearest":
        this.nearest(layer.input, layer.output, layer);
        return;
      case "sigmoid":
        graph.node("Sigmoid", inputs, output);
    }
  }

  /** Picks rows, then columns: Resize works with a rounded scale and may miss floor(i * in / out) by one. */
  private nearest(input: string, output: string, to: { height: number; width: number }): void {
    const from = this.shapes.get(input);
    if (!from) throw new Error(`tensor ${input} has no shape`);
    const indices = (source: number, size: number): string =>
      this.graph.initialiser(
        `nearest.${source}.${size}`,
        [size],
        BigInt64Array.from({ length: size }, (_, i) => BigInt(Math.floor((i * source) / size))),
      );
    const rows = this.graph.node("Gather", [input, indices(from.height, to.height)], `${output}.rows`, { axis: 2 });
    this.graph.node("Gather", [rows, indices(from.width, to.width)], output, { axis: 3 });
  }
}

const convolutionAttributes = ({ kernel, stride, pad }: Convolution) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
});

/** @returns the bytes of an ONNX model */
export function emitOnnx(network: Network, options: EmitOptions = {}): Uint8Array {
  const emitter = new Emitter(network, options.quantisation);
  for (const layer of network.layers) emitter.layer(layer);
  const outputs = [...network.outputs, ...(options.extraOutputs ?? [])].map((name): [string, number[]] => {
    const shape = emitter.shapes.get(name);
    if (!shape) throw new Error(`network ${network.name} has no tensor ${name}`);
    return [emitter.float(name), dims(shape)];
  });
  return emitter.graph.encode(network.name, [[network.input.name, dims(network.input)]], outputs);
}
