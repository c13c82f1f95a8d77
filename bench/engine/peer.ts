/**
 * @module
 * The runtimes that are compared: each runs one network once per call, on one thread.
 */

import type { NetworkRuntime } from "../../src/edge/inference/runtime.ts";
import { simdRuntime } from "../../src/edge/inference/simd/networks.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { loadKernelModule } from "../../tools/engine/load-module.ts";
import { nodeRuntime } from "../../tools/onnx/session.ts";
import type { BenchModel, Which } from "./model.ts";

/** Milliseconds since some moment. */
export type Clock = () => number;

/** Time on the wall, or processor time of this process, which other processes on the machine disturb less. */
export const clocks = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
} satisfies Record<string, Clock>;

/** One runtime, ready to run. */
export type Peer = {
  name: string;
  /** @returns milliseconds of one run */
  run(): Promise<number>;
  close(): Promise<void>;
};

/** Opens whichever network is measured. */
async function open(runtime: NetworkRuntime, which: Which, file: Uint8Array, spec: Spec) {
  if (which === "local") return runtime.localNetwork(file, spec);
  return runtime.globalNetwork(file, spec);
}

async function inProcess(
  name: string,
  runtime: NetworkRuntime,
  model: BenchModel,
  file: Uint8Array,
  clock: Clock,
): Promise<Peer> {
  const network = await open(runtime, model.which, file, model.spec);
  return {
    name,
    async run() {
      const start = clock();
      await network.run(model.input);
      return clock() - start;
    },
    close: () => network.release(),
  };
}

/** The engine in this process. */
export const enginePeer = async (model: BenchModel, clock: Clock): Promise<Peer> =>
  inProcess("engine", simdRuntime(await loadKernelModule(), 112 * 2 ** 20), model, model.weights, clock);

/** onnxruntime-web in this process, one thread. */
export const ortWebPeer = (model: BenchModel, clock: Clock): Promise<Peer> =>
  inProcess("ort-web", nodeRuntime, model, model.onnx, clock);

/** The same with uint8 activations and int8 weights. */
export const ortWebInt8Peer = async (model: BenchModel, clock: Clock): Promise<Peer> =>
  inProcess("ort-web-int8", nodeRuntime, model, await model.quantised(), clock);

/** What is used of onnxruntime-node, which is not a dependency: `npm install --no-save onnxruntime-node` installs it. */
type OrtNode = {
  InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{ inputNames: readonly string[]; run(feeds: object): Promise<unknown> }>;
  };
  Tensor: new (type: "float32", data: Float32Array, dims: number[]) => unknown;
};

/** @returns undefined when it is not installed */
export async function ortNodePeer(model: BenchModel, clock: Clock): Promise<Peer | undefined> {
  const name = "onnxruntime-node";
  const ort: OrtNode | undefined = await import(name).catch(() => undefined);
  if (!ort) return undefined;
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" };
  const session = await ort.InferenceSession.create(model.onnx, options);
  const feeds = { [session.inputNames[0]]: new ort.Tensor("float32", model.input, [1, 1, ...model.size]) };
  return {
    name: "ort-node",
    async run() {
      const start = clock();
      await session.run(feeds);
      return clock() - start;
    },
    close: async () => undefined,
  };
}
