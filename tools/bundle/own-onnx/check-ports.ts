/**
 * @module
 * Whether a user's own ONNX graph has the input and the outputs that the Worker gives and takes.
 */
import { GlamError } from "../../../src/glam/problem.ts";
import { localMapSide, type Spec } from "../../../src/glam/spec.ts";
import type { Graph, Port } from "./read-graph.ts";

/** The one input and the outputs of a network, all float32. */
export type Ports = { input: [string, number[]]; outputs: [string, number[]][] };

/** What the global and the local network of a spec must have. */
export function portsOf(spec: Spec): { global: Ports; local: Ports } {
  const { canvas, saliency, crop } = spec;
  const coarse = [1, 2, saliency.height, saliency.width];
  const side = localMapSide(spec);
  return {
    global: {
      input: ["image", [1, 1, canvas.height, canvas.width]],
      outputs: ["s1", "s2", "s3"].map((name) => [name, coarse]),
    },
    local: { input: ["crop", [1, 1, crop, crop]], outputs: [["map", [1, 2, side, side]]] },
  };
}

const write = (name: string, shape: readonly (number | string)[], type = "float32") =>
  `${name} ${type} [${shape.join(",")}]`;

const list = (ports: readonly Port[]): string =>
  ports.map(({ name, shape, type }) => write(name, shape, type)).join(", ") || "none";

/** A size that the file leaves open is accepted; the run decides. */
const fits = ({ type, shape }: Port, wanted: readonly number[]): boolean =>
  type === "float32" &&
  shape.length === wanted.length &&
  shape.every((size, i) => typeof size === "string" || size === wanted[i]);

/**
 * @param which for the message: "global" or "local"
 * @throws {GlamError} checkpoint-mismatch, with what was found and what is needed
 */
export function checkPorts(which: string, graph: Graph, { input, outputs }: Ports): void {
  if (graph.external) {
    const detail = `The ${which} network keeps its weights in another file. Save it as one file: onnx.save_model(model, path, save_as_external_data=False).`;
    throw new GlamError("checkpoint-mismatch", detail, { at: which });
  }
  const [name, shape] = input;
  const inputRight = graph.inputs.length === 1 && graph.inputs[0].name === name && fits(graph.inputs[0], shape);
  const missing = outputs.filter(
    ([output, wanted]) => !graph.outputs.some((port) => port.name === output && fits(port, wanted)),
  );
  if (inputRight && missing.length === 0) return;
  const needed = outputs.map(([output, wanted]) => write(output, wanted)).join(", ");
  throw new GlamError(
    "checkpoint-mismatch",
    `The ${which} network does not fit the spec. Input: ${list(graph.inputs)}; needed: ${write(name, shape)}. ` +
      `Outputs: ${list(graph.outputs)}; needed: ${needed}. Rename and reshape them where the graph is exported, or give another --spec.`,
    { at: which },
  );
}
