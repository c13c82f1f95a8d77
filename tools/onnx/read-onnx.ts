/**
 * @module
 * An ONNX file that `glam import` wrote -> its layer list, with integer weights as the float32 values that they stand for.
 */
import onnxProto, { type onnx } from "onnx-proto";
import type { NetworkKind } from "../../src/edge/inference/simd/weights-file.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { Convolution, Network } from "./network.ts";
import { fillNetwork } from "./spec-network.ts";

const { ModelProto, TensorProto } = onnxProto.onnx;

/** Values of a constant, in float64. */
function valuesOf({ dataType, rawData }: onnx.ITensorProto): Float64Array {
  // A copy, because raw data may begin at any byte.
  const { buffer } = Uint8Array.from(rawData ?? []);
  switch (dataType) {
    case TensorProto.DataType.FLOAT:
      return Float64Array.from(new Float32Array(buffer));
    case TensorProto.DataType.INT8:
      return Float64Array.from(new Int8Array(buffer));
    case TensorProto.DataType.UINT8:
      return Float64Array.from(new Uint8Array(buffer));
    case TensorProto.DataType.INT32:
      return Float64Array.from(new Int32Array(buffer));
    default:
      return new Float64Array();
  }
}

/** Constants by name. */
class Constants {
  private readonly tensors: Map<string, onnx.ITensorProto>;

  constructor(file: Uint8Array) {
    const { graph } = ModelProto.decode(file);
    this.tensors = new Map((graph?.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor]));
  }

  find(name: string): Float64Array | undefined {
    const tensor = this.tensors.get(name);
    return tensor && valuesOf(tensor);
  }

  /** @throws {GlamError} model-damaged unless there are `length` values */
  get(name: string, length: number): Float64Array {
    const values = this.find(name);
    if (values?.length === length) return values;
    throw new GlamError("model-damaged", `The ONNX file has no constant ${name} of ${length} values.`);
  }
}

/** One of the three forms in which `emitOnnx` writes a convolution. */
function convolutionOf(constants: Constants, layer: Convolution): Pick<Convolution, "weight" | "bias"> {
  const { output, input, outChannels } = layer;
  const stored = constants.get(`${output}.weight`, layer.weight.length);
  const scaled = (scales: Float64Array, zero: number) =>
    Float32Array.from(stored, (w, i) => (w - zero) * scales[Math.floor((i * outChannels) / stored.length)]);
  const step = constants.find(`${input}.u8.scale`)?.[0] ?? 1;
  // Bytes to bytes: the bias counts in steps of the products.
  const scales = constants.find(`${output}.weight.scale`);
  if (scales) {
    const bias = constants.get(`${output}.bias`, outChannels);
    return { weight: scaled(scales, 0), bias: Float32Array.from(bias, (b, o) => b * step * scales[o]) };
  }
  const bias = Float32Array.from(constants.find(`${output}.bias`) ?? new Float64Array(outChannels));
  // Bytes to float32: weights lie around 128, and their scales have the input's in them.
  const products = constants.find(`${output}.i32.scale`);
  if (products) {
    return {
      weight: scaled(
        products.map((s) => s / step),
        128,
      ),
      bias,
    };
  }
  return { weight: Float32Array.from(stored), bias };
}

/**
 * @param file `global.onnx` or `local.onnx` of a bundle
 * @returns the network without the rounding of activations that the file may do
 * @throws {GlamError} model-damaged when a constant is missing: the file is of another importer or spec
 */
export function readOnnx(file: Uint8Array, kind: NetworkKind, spec: Spec): Network {
  const constants = new Constants(file);
  return fillNetwork(kind, spec, {
    convolution: (layer) => convolutionOf(constants, layer),
    affine: ({ output, scale, shift }) => ({
      scale: Float32Array.from(constants.get(`${output}.scale`, scale.length)),
      shift: Float32Array.from(constants.get(`${output}.shift`, shift.length)),
    }),
  });
}
