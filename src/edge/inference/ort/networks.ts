/**
 * @module
 * Both networks of a model as onnxruntime-web sessions: tensors in, maps out. The same in workerd, browsers and Node; only
 * how ORT gets its WebAssembly differs.
 */
import type { InferenceSession } from "onnxruntime-web/wasm";
import type { GlobalNetwork, LocalNetwork } from "../../../glam/contracts.ts";
import { takeRows } from "../../../glam/map-rows.ts";
import { GlamError } from "../../../glam/problem.ts";
import { localMapSide, type Spec } from "../../../glam/spec.ts";
import { standardised } from "../../../glam/standardise.ts";
import type { NetworkRuntime, Releasable } from "../runtime.ts";
import type { OrtHost } from "./host.ts";
import { assertInputRoom } from "./input-room.ts";

/**
 * Without arena and memory pattern ORT returns a run's memory to the heap for the other network, at the same speed on the
 * compact model. Prepacking stays on: without it the peak is higher.
 */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ["wasm"],
  graphOptimizationLevel: "all",
  enableCpuMemArena: false,
  enableMemPattern: false,
};

/** Name and shape of a model's one input and its outputs, all float32. */
type Signature = { input: [string, number[]]; outputs: [string, number[]][] };

function assertSignature(session: InferenceSession, { input, outputs }: Signature): void {
  const found = new Map([...session.inputMetadata, ...session.outputMetadata].map((value) => [value.name, value]));
  for (const [name, shape] of [input, ...outputs]) {
    const value = found.get(name);
    const fits =
      value?.isTensor &&
      value.type === "float32" &&
      value.shape.length === shape.length &&
      // An inner dimension may be symbolic; the run checks the size then.
      value.shape.every((size, i) => typeof size === "string" || size === shape[i]);
    if (fits && session.inputNames.length === 1) continue;
    throw new GlamError("model-damaged", `The network has no ${name} of shape ${shape.join(" x ")} as its spec says.`);
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Loads a model and returns how to run it: values of the input in, values of each output out, both row-major. */
async function open({ ort, guard, headroom }: OrtHost, model: Uint8Array, signature: Signature) {
  const session = await guard("load", async () => {
    const made = await ort.InferenceSession.create(model, sessionOptions);
    try {
      assertSignature(made, signature);
    } catch (error) {
      await made.release();
      throw error;
    }
    return made;
  });
  const [name, shape] = signature.input;

  async function run(input: Float32Array): Promise<Float32Array[]> {
    if (input.length !== sizeOf(shape)) {
      throw new GlamError("internal-error", `The input has ${input.length} values, not ${sizeOf(shape)}.`);
    }
    const results = await guard("run", async () => {
      await assertInputRoom(ort, headroom(), input.byteLength);
      return session.run({ [name]: new ort.Tensor("float32", input, shape) });
    });
    return signature.outputs.map(([output, outputShape]) => {
      const { data } = results[output];
      if (data instanceof Float32Array && data.length === sizeOf(outputShape)) return data;
      throw new GlamError("model-damaged", `The network's ${output} does not have the shape that its spec says.`);
    });
  }

  return { run, release: () => guard("run", () => session.release()) };
}

/**
 * A runtime over an ORT that is ready to make sessions.
 * @example
 * const cap = capMemory(limit);
 * const runtime = ortNetworks({ ort: await import("onnxruntime-web/wasm"), guard: createGuard(cap), headroom: cap.headroom });
 */
export function ortNetworks(host: OrtHost): NetworkRuntime {
  async function globalNetwork(model: Uint8Array, spec: Spec): Promise<Releasable<GlobalNetwork>> {
    const map = [1, 2, spec.saliency.height, spec.saliency.width];
    const { run, release } = await open(host, model, {
      input: ["image", [1, 1, spec.canvas.height, spec.canvas.width]],
      outputs: [
        ["s1", map],
        ["s2", map],
        ["s3", map],
      ],
    });
    return {
      async run(image) {
        const [s1, s2, s3] = await run(standardised(image));
        return [s1, s2, s3];
      },
      release,
    };
  }

  async function localNetwork(model: Uint8Array, spec: Spec): Promise<Releasable<LocalNetwork>> {
    const side = localMapSide(spec);
    const { run, release } = await open(host, model, {
      input: ["crop", [1, 1, spec.crop, spec.crop]],
      outputs: [["map", [1, 2, side, side]]],
    });
    return {
      // A graph has one size, so the whole map is computed.
      run: async (crop, band) => takeRows((await run(standardised(crop)))[0], side, band ?? [0, side]),
      release,
    };
  }

  return { globalNetwork, localNetwork };
}
