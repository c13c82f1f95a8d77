/**
 * @module
 * An ONNX file's description, read without running it.
 */
import onnxProto, { type onnx } from "onnx-proto";
import type { Manifest } from "../../../src/contract/manifest.ts";
import { GlamError } from "../../../src/glam/problem.ts";

const { ModelProto, TensorProto } = onnxProto.onnx;

/** A tensor that goes in or out; a size that the file leaves open is its symbol. */
export type Port = { name: string; type: string; shape: (number | string)[] };

/** An ONNX file's ends and operators. */
export type Graph = {
  inputs: Port[];
  outputs: Port[];
  operators: Set<string>;
  /** Whether weights lie in another file beside it. */
  external: boolean;
};

const dimension = ({ dimParam, dimValue }: onnx.TensorShapeProto.IDimension): number | string =>
  dimParam ? dimParam : Number(dimValue ?? 0) || "?";

function port({ name, type }: onnx.IValueInfoProto): Port {
  const tensor = type?.tensorType;
  const elements = TensorProto.DataType[tensor?.elemType ?? 0];
  return {
    name: name ?? "",
    type: elements === "FLOAT" ? "float32" : (elements ?? "unknown").toLowerCase(),
    shape: (tensor?.shape?.dim ?? []).map(dimension),
  };
}

/**
 * @param which for the message: "global" or "local"
 * @throws {GlamError} checkpoint-unreadable when it is not an ONNX file
 */
export function readGraph(file: Uint8Array, which: string): Graph {
  let graph: onnx.IGraphProto | null | undefined;
  try {
    graph = ModelProto.decode(file).graph;
  } catch (cause) {
    throw new GlamError("checkpoint-unreadable", `The ${which} network is no ONNX file, or it is cut off.`, { cause });
  }
  if (!graph?.node?.length) {
    throw new GlamError("checkpoint-unreadable", `The ${which} network is no ONNX file: it holds no graph.`);
  }
  const initialisers = graph.initializer ?? [];
  // Old exporters list weights among the inputs.
  const weights = new Set(initialisers.map(({ name }) => name));
  return {
    inputs: (graph.input ?? []).filter(({ name }) => !weights.has(name)).map(port),
    outputs: (graph.output ?? []).map(port),
    operators: new Set(graph.node.map(({ opType }) => opType ?? "")),
    external: initialisers.some(({ dataLocation }) => dataLocation === TensorProto.DataLocation.EXTERNAL),
  };
}

/** The manifest's name of these graphs' number format, by their operators. */
export function numberFormat(graphs: readonly Graph[]): Manifest["quantisation"]["kind"] {
  const has = (operator: RegExp) => graphs.some(({ operators }) => [...operators].some((name) => operator.test(name)));
  if (has(/^(QuantizeLinear|QLinear\w+)$/)) return "static-uint8";
  return has(/^(DequantizeLinear|DynamicQuantizeLinear|ConvInteger|MatMulInteger)$/) ? "weights-int8" : "none";
}
