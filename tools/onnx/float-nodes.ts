/**
 * @module
 * A layer in float32 as ONNX nodes.
 */
import type { GraphWriter } from "./graph.ts";
import type { Affine, Convolution, Layer, MapShape, NearestResize } from "./network.ts";

/** Attributes of Conv, QLinearConv and ConvInteger alike. */
export const convolutionAttributes = ({ kernel, stride, pad }: Convolution) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
});

function addConvolution(graph: GraphWriter, layer: Convolution, input: string, output: string): void {
  const { outChannels, inChannels, kernel } = layer;
  const weight = graph.initialiser(`${layer.output}.weight`, [outChannels, inChannels, kernel, kernel], layer.weight);
  const bias = layer.bias.some((b) => b !== 0)
    ? [graph.initialiser(`${layer.output}.bias`, [outChannels], layer.bias)]
    : [];
  graph.node("Conv", [input, weight, ...bias], output, convolutionAttributes(layer));
}

/** BatchNormalization of mean 0 and variance 1: one pass over the map, where Mul and Add are two. */
function addAffine(graph: GraphWriter, layer: Affine, input: string, output: string): void {
  const channels = layer.scale.length;
  const constants = [
    graph.initialiser(`${layer.output}.scale`, [channels], layer.scale),
    graph.initialiser(`${layer.output}.shift`, [channels], layer.shift),
    graph.initialiser(`zeros.${channels}`, [channels], new Float32Array(channels)),
    graph.initialiser(`ones.${channels}`, [channels], new Float32Array(channels).fill(1)),
  ];
  graph.node("BatchNormalization", [input, ...constants], output, { epsilon: { float: 0 } });
}

/** Picks rows, then columns: Resize works with a rounded scale and may miss floor(i * in / out) by one. */
function addNearest(graph: GraphWriter, layer: NearestResize, from: MapShape): void {
  const indices = (source: number, size: number): string =>
    graph.initialiser(
      `nearest.${source}.${size}`,
      [size],
      BigInt64Array.from({ length: size }, (_, i) => BigInt(Math.floor((i * source) / size))),
    );
  const rowIndices = indices(from.height, layer.height);
  const rows = graph.node("Gather", [layer.input, rowIndices], `${layer.output}.rows`, { axis: 2 });
  graph.node("Gather", [rows, indices(from.width, layer.width)], layer.output, { axis: 3 });
}

/**
 * Adds everything of a layer but its ReLU.
 * @param inputs names of its float32 inputs
 * @param from shape of the first
 * @param output name of the result
 */
export function addFloatNodes(
  graph: GraphWriter,
  layer: Layer,
  inputs: string[],
  from: MapShape,
  output: string,
): void {
  switch (layer.op) {
    case "conv":
      addConvolution(graph, layer, inputs[0], output);
      return;
    case "affine":
      addAffine(graph, layer, inputs[0], output);
      return;
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
      addNearest(graph, layer, from);
      return;
    case "sigmoid":
      graph.node("Sigmoid", inputs, output);
  }
}
