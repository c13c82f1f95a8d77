/**
 * @module
 * onnxruntime-web in Node, one thread, the same WebAssembly as in the Worker, for tools, tests and
 * benchmarks.
 */
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { createGuard } from "../../src/edge/inference/ort/guard.ts";
import { ortNetworks } from "../../src/edge/inference/ort/networks.ts";
import type { NetworkRuntime } from "../../src/edge/inference/runtime.ts";
import type { LocalNetwork, SegmentCrop } from "../../src/glam/contracts.ts";

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
 * @throws ORT's error for a model that it cannot load
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

/**
 * The runtime of tools and tests: the Worker's own sessions, without a cap on their memory.
 * @example const network = await nodeRuntime.globalNetwork(await readFile("global.onnx"), spec);
 */
export const nodeRuntime: NetworkRuntime = ortNetworks({
  ort: { InferenceSession, Tensor },
  guard: createGuard({ memory: () => undefined, growthRefused: () => false }),
  headroom: () => Number.POSITIVE_INFINITY,
});

/** @returns a transport for the pipeline that runs each crop here, one after the other */
export function segmentCropsWith(network: LocalNetwork): SegmentCrop {
  let last: Promise<unknown> = Promise.resolve();
  return (crop) => {
    const map = last.then(() => network.run(crop));
    last = map.catch(() => undefined);
    return map;
  };
}
