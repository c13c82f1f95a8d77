/**
 * @module
 * onnxruntime-web in Node, one thread, the same WebAssembly as in the Worker: what tools, tests and benchmarks run the
 * networks with.
 */
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { LocalNetwork, SegmentCrop } from "../../src/glam/contracts.ts";
import { localMapSide } from "../../src/glam/spec.ts";
import { standardise } from "../../src/glam/standardise.ts";
import type { NetworkRuntime } from "../../src/inference/runtime.ts";

env.wasm.numThreads = 1;
env.logLevel = "error";

/** A loaded model that answers every output as float32. */
export type OpenModel = {
  /** @param data the input's values, row-major */
  run(data: Float32Array): Promise<Map<string, Float32Array>>;
  release(): Promise<void>;
};

/**
 * @param model bytes of an ONNX file with one input
 * @param dims shape of that input
 * @param fuse lets ORT merge nodes; inner tensors that a merge swallows cannot be answered then
 * @throws whatever ORT says of a model that it cannot load
 */
export async function openModel(model: Uint8Array, dims: number[], fuse = true): Promise<OpenModel> {
  const graphOptimizationLevel = fuse ? "all" : "basic";
  const session = await InferenceSession.create(model, { executionProviders: ["wasm"], graphOptimizationLevel });
  const [input] = session.inputNames;
  return {
    async run(data) {
      const results = await session.run({ [input]: new Tensor("float32", data, dims) });
      return new Map(
        Object.entries(results).map(([name, { data: values }]) => [name, Float32Array.from(values as Float32Array)]),
      );
    },
    release: () => session.release(),
  };
}

function output(outputs: Map<string, Float32Array>, name: string, length: number): Float32Array {
  const found = outputs.get(name);
  if (found?.length !== length)
    throw new Error(`the model's output ${name} has ${found?.length} values, not ${length}`);
  return found;
}

/**
 * The runtime of tools and tests.
 * @example const network = await nodeRuntime.globalNetwork(await readFile("global.onnx"), spec);
 */
export const nodeRuntime: NetworkRuntime = {
  async globalNetwork(model, spec) {
    const { height, width } = spec.canvas;
    const open = await openModel(model, [1, 1, height, width]);
    const cells = 2 * spec.saliency.height * spec.saliency.width;
    return {
      async run(image) {
        const outputs = await open.run(image);
        return [output(outputs, "s1", cells), output(outputs, "s2", cells), output(outputs, "s3", cells)];
      },
      release: open.release,
    };
  },

  async localNetwork(model, spec) {
    const open = await openModel(model, [1, 1, spec.crop, spec.crop]);
    const side = localMapSide(spec);
    return {
      run: async (crop) => output(await open.run(crop), "map", 2 * side * side),
      release: open.release,
    };
  },
};

/** @returns a transport for the pipeline that runs each crop here, one after the other */
export function segmentCropsWith(network: LocalNetwork): SegmentCrop {
  let last: Promise<unknown> = Promise.resolve();
  return (crop) => {
    const map = last.then(() => network.run(standardise(crop.pixels, crop.standardisation)));
    last = map.catch(() => undefined);
    return map;
  };
}
