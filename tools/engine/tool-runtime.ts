/**
 * @module
 * The runtimes of the Worker, in Node: what tools and tests run the networks of a bundle with.
 */
import { runtimeByFormat } from "../../src/edge/inference/by-format.ts";
import type { NetworkRuntime } from "../../src/edge/inference/runtime.ts";
import { simdRuntime } from "../../src/edge/inference/simd/networks.ts";
import { nodeRuntime } from "../onnx/session.ts";
import { loadKernelModule } from "./load-module.ts";

/** Enough for the released networks with float32 weights, which no Worker could hold. */
const limit = 512 * 1024 * 1024;

const module = loadKernelModule();
// Whoever awaits it sees the failure; possibly nobody does.
module.catch(() => undefined);

/** An engine for each network, since a tool may compare several that are open at the same time. */
const simd: NetworkRuntime = {
  globalNetwork: async (file, spec) => simdRuntime(await module, limit).globalNetwork(file, spec),
  localNetwork: async (file, spec) => simdRuntime(await module, limit).localNetwork(file, spec),
};

/** @example const network = await toolRuntime.localNetwork(await readFile("local.bin"), spec); */
export const toolRuntime: NetworkRuntime = runtimeByFormat({ ort: nodeRuntime, simd });
