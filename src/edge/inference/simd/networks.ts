/**
 * @module
 * The SIMD engine as a network runtime: weights files in, networks with probabilities out.
 */
import { GlamError } from "../../../glam/problem.ts";
import type { MemoryUse, NetworkRuntime } from "../runtime.ts";
import { createArena } from "./arena.ts";
import { createArithmetic, planArithmetic } from "./arithmetic.ts";
import { createNetwork, type SimdNetwork } from "./network.ts";
import { globalShape, localShape, type NetworkShape } from "./network-shape.ts";
import type { PlanOptions } from "./plan.ts";

/** The engine, and what it holds. */
export type SimdRuntime = NetworkRuntime & {
  /** Linear memory and the weights of open networks. */
  memory(): MemoryUse;
};

/**
 * @param module compiled kernels, relaxed or plain
 * @param limit bytes of linear memory and weights together
 * @example const runtime = simdRuntime(await loadKernelModule(), 96 * 1024 * 1024);
 */
export function simdRuntime(module: WebAssembly.Module, limit: number, options: PlanOptions = {}): SimdRuntime {
  const arena = createArena(module, limit);
  const open = new Map<SimdNetwork, number>();
  const weightBytes = () => [...open.values()].reduce((sum, bytes) => sum + bytes, 0);

  /** What does not fit must fail before it runs, however much of the arena others have used. */
  function assertRoom(network: SimdNetwork, file: Uint8Array): void {
    const wanted = Math.max(arena.bytes(), network.plan.bytes) + weightBytes() + file.length;
    if (wanted <= limit) return;
    throw new GlamError("out-of-memory", `The network needs ${wanted} bytes with what is open; ${limit} are allowed.`);
  }

  function load(file: Uint8Array, shape: NetworkShape) {
    const network = createNetwork(arena, file, shape, options);
    assertRoom(network, file);
    open.set(network, file.length);
    return { network, release: async () => void open.delete(network) };
  }

  return {
    memory: () => ({ bytes: arena.bytes() + weightBytes(), limit }),
    async globalNetwork(file, spec) {
      const { network, release } = load(file, globalShape(spec));
      return {
        async run(image) {
          const [first, second, third] = network.run(image);
          return [first, second, third];
        },
        arithmetic: createArithmetic(arena, planArithmetic(network.plan.shape)),
        release,
      };
    },
    async localNetwork(file, spec) {
      const { network, release } = load(file, localShape(spec));
      return {
        run: async (crop, band) => network.run(crop, band)[0],
        release,
      };
    },
  };
}
