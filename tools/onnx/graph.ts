/**
 * @module
 * Writes an ONNX model node by node; equal calls give equal bytes.
 */
import onnxProto, { type onnx } from "onnx-proto";

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;

/** Values an attribute can have here: an integer, integers, or a float that is marked as one. */
export type Attribute = number | number[] | { float: number };

/** IR 8 and opset 17: what ONNX 1.12 wrote; every operator used here has its final form by then. */
const irVersion = 8;
const opset = 17;

const elementTypes = new Map<unknown, onnx.TensorProto.DataType>([
  [Float32Array, TensorProto.DataType.FLOAT],
  [Uint8Array, TensorProto.DataType.UINT8],
  [Int8Array, TensorProto.DataType.INT8],
  [Int32Array, TensorProto.DataType.INT32],
  [BigInt64Array, TensorProto.DataType.INT64],
]);

/** Typed arrays that can become initialisers. */
export type InitialiserData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

function attributeProto(name: string, value: Attribute): onnx.IAttributeProto {
  if (Array.isArray(value)) return { name, type: AttributeProto.AttributeType.INTS, ints: value };
  if (typeof value === "object") return { name, type: AttributeProto.AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeProto.AttributeType.INT, i: value };
}

const valueInfo = (name: string, dims: readonly number[]): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: TensorProto.DataType.FLOAT,
      shape: { dim: dims.map((dimValue) => ({ dimValue })) },
    },
  },
});

/** An ONNX graph under construction. */
export class GraphWriter {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initialisers = new Map<string, onnx.ITensorProto>();

  /** @returns `output` */
  node(operator: string, inputs: string[], output: string, attributes: Record<string, Attribute> = {}): string {
    this.nodes.push({
      name: output,
      opType: operator,
      input: inputs,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
    return output;
  }

  /** Adds a constant once. @returns `name` */
  initialiser(name: string, dims: number[], data: InitialiserData): string {
    if (!this.initialisers.has(name)) {
      const rawData = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
      this.initialisers.set(name, { name, dims, dataType: elementTypes.get(data.constructor), rawData });
    }
    return name;
  }

  /** @returns the model's bytes; inputs and outputs are f32 `[name, dims]` */
  encode(name: string, inputs: [string, number[]][], outputs: [string, number[]][]): Uint8Array {
    return ModelProto.encode({
      irVersion,
      producerName: "glam-edge",
      opsetImport: [{ domain: "", version: opset }],
      graph: {
        name,
        node: this.nodes,
        initializer: [...this.initialisers.values()],
        input: inputs.map(([input, dims]) => valueInfo(input, dims)),
        output: outputs.map(([output, dims]) => valueInfo(output, dims)),
      },
    }).finish();
  }
}
