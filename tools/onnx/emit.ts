/**
 * @module
 * A list of layers -> ONNX bytes, in float32 or with chosen convolutions quantised.
 */
import { addFloatNodes, convolutionAttributes } from "./float-nodes.ts";
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

const clampInt32 = (value: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value)));

/** Keeps track of which tensors exist as float32 and which as uint8, and converts on demand, once. */
class Emitter {
  readonly graph = new GraphWriter();
  readonly shapes: Map<string, MapShape>;
  private readonly quantisation: Quantisation | undefined;
  /** Tensors that something reads as float32. */
  private readonly floatReads: Set<string>;
  private readonly floats = new Set<string>();
  private readonly bytes = new Set<string>();

  constructor(network: Network, { quantisation, extraOutputs = [] }: EmitOptions) {
    this.shapes = inferShapes(network);
    this.quantisation = quantisation;
    this.floats.add(network.input.name);
    const floatLayers = network.layers.filter(({ output }) => !quantisation?.convolutions.has(output));
    this.floatReads = new Set([...floatLayers.flatMap(layerInputs), ...network.outputs, ...extraOutputs]);
  }

  layer(layer: Layer): void {
    const quantised = layer.op === "conv" ? this.quantisation?.convolutions.get(layer.output) : undefined;
    if (layer.op !== "conv" || !quantised) {
      const inputs = layerInputs(layer).map((name) => this.float(name));
      const from = this.shape(layerInputs(layer)[0]);
      this.withRelu(layer, (output) => addFloatNodes(this.graph, layer, inputs, from, output));
    } else if (this.floatReads.has(layer.output)) {
      this.withRelu(layer, (output) => this.convolutionToFloats(layer, quantised, output));
    } else {
      this.convolutionToBytes(layer, quantised);
    }
  }

  /** @returns the tensor's name as float32 */
  float(name: string): string {
    if (!this.floats.has(name)) throw new Error(`tensor ${name} exists only as bytes`);
    return name;
  }

  shape(name: string): MapShape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`there is no tensor ${name}`);
    return shape;
  }

  /** @param add writes the layer into the tensor that it is given */
  private withRelu(layer: Layer, add: (output: string) => void): void {
    const relu = "relu" in layer && layer.relu;
    add(relu ? `${layer.output}.linear` : layer.output);
    if (relu) this.graph.node("Relu", [`${layer.output}.linear`], layer.output);
    this.floats.add(layer.output);
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

  /** Bytes in, bytes out: for convolutions that only other quantised ones read. */
  private convolutionToBytes(layer: Convolution, { weight, scales, bias }: QuantisedConvolution): void {
    const { output, outChannels, inChannels, kernel } = layer;
    const { scale } = this.tensor(layer.input);
    const steps = Int32Array.from(bias, (b, o) => clampInt32(b / (scale * scales[o])));
    const inputs = [
      this.byte(layer.input),
      ...this.parameters(layer.input),
      this.graph.initialiser(`${output}.weight`, [outChannels, inChannels, kernel, kernel], weight),
      this.graph.initialiser(`${output}.weight.scale`, [outChannels], scales),
      this.graph.initialiser(`${output}.weight.zero`, [outChannels], new Int8Array(outChannels)),
      ...this.parameters(output),
      this.graph.initialiser(`${output}.bias`, [outChannels], steps),
    ];
    // ReLU needs no node: a range that starts at 0 has zero point 0, and uint8 cannot go below.
    this.graph.node("QLinearConv", inputs, `${output}.u8`, convolutionAttributes(layer));
    this.bytes.add(output);
  }

  /**
   * Bytes in, float32 out: the sums of products are exact in int32, so a map that is added to a shortcut is not rounded again.
   * Weights are bytes around 128 here, because onnxruntime-web has no fast ConvInteger for signed ones (15 times slower).
   */
  private convolutionToFloats(
    layer: Convolution,
    { weight, scales, bias }: QuantisedConvolution,
    output: string,
  ): void {
    const { output: name, outChannels, inChannels, kernel } = layer;
    const { scale } = this.tensor(layer.input);
    const shifted = Uint8Array.from(weight, (w) => w + 128);
    const inputs = [
      this.byte(layer.input),
      this.graph.initialiser(`${name}.weight`, [outChannels, inChannels, kernel, kernel], shifted),
      this.parameters(layer.input)[1],
      this.graph.initialiser("weight.zero", [], Uint8Array.of(128)),
    ];
    const sums = this.graph.node("ConvInteger", inputs, `${name}.i32`, convolutionAttributes(layer));
    const steps = this.graph.initialiser(
      `${name}.i32.scale`,
      [outChannels],
      scales.map((s) => s * scale),
    );
    const scaled = this.graph.node("DequantizeLinear", [sums, steps], `${name}.scaled`, { axis: 1 });
    this.graph.node("Add", [scaled, this.graph.initialiser(`${name}.bias`, [outChannels, 1, 1], bias)], output);
  }
}

/** @returns the bytes of an ONNX model */
export function emitOnnx(network: Network, options: EmitOptions = {}): Uint8Array {
  const emitter = new Emitter(network, options);
  for (const layer of network.layers) emitter.layer(layer);
  const outputs = [...network.outputs, ...(options.extraOutputs ?? [])].map((name): [string, number[]] => [
    emitter.float(name),
    dims(emitter.shape(name)),
  ]);
  return emitter.graph.encode(network.name, [[network.input.name, dims(network.input)]], outputs);
}
