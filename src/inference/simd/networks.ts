/**
 * @module
 * The SIMD engine as a network runtime: weights files in, networks with probabilities out.
 */
import { resizeNearest } from "../../glam/resize.ts";
import type { Size } from "../../glam/spec.ts";
import type { NetworkRuntime } from "../runtime.ts";
import { createNetwork, type Logits, type SimdNetwork } from "./network.ts";
import { globalShape, localShape, type NetworkShape } from "./network-shape.ts";
import type { PlanOptions } from "./plan.ts";

/** The logistic function, in place. */
function sigmoid(data: Float32Array): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = 1 / (1 + Math.exp(-data[i]));
  return data;
}

/** Logits of a tap -> probabilities at saliency size. */
const toMap = ({ height, width, data }: Logits, size: Size): Float32Array =>
  height === size.height && width === size.width
    ? sigmoid(data)
    : resizeNearest({ height, width, data: sigmoid(data) }, size).data;

/** What a runtime tells of the networks that are open. */
export type SimdRuntime = NetworkRuntime & {
  /** Bytes of all arenas and weights that are held now. */
  bytesInUse(): number;
};

/**
 * @param module compiled kernels, relaxed or plain
 * @example const runtime = simdRuntime(await loadKernelModule());
 */
export function simdRuntime(module: WebAssembly.Module, options: PlanOptions = {}): SimdRuntime {
  const held = new Map<SimdNetwork, number>();

  async function open(file: Uint8Array, shape: NetworkShape) {
    const network = createNetwork(module, file, shape, options);
    held.set(network, network.plan.bytes + file.length);
    return { network, release: async () => void held.delete(network) };
  }

  return {
    bytesInUse: () => [...held.values()].reduce((sum, bytes) => sum + bytes, 0),
    async globalNetwork(file, spec) {
      const { network, release } = await open(file, globalShape(spec));
      return {
        async run(image) {
          const [first, second, third] = network.run(image);
          return [toMap(first, spec.saliency), toMap(second, spec.saliency), toMap(third, spec.saliency)];
        },
        release,
      };
    },
    async localNetwork(file, spec) {
      const { network, release } = await open(file, localShape(spec));
      return {
        run: async (crop) => sigmoid(network.run(crop)[0].data),
        release,
      };
    },
  };
}
