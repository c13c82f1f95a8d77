/**
 * @module
 * Products of 16-bit integers of a 1x1 convolution. Its weights stay, in groups of output channels of which a chunk stays in
 * the first-level cache.
 */
import { type Conv, depthOf, INT16, INT16_BLOCKS } from "./conv-shape.ts";
import type { Kernels } from "./kernels.ts";
import type { WeightSource } from "./weight-source.ts";

/** First block and number of blocks of each group. */
const groupsOf = (blocks: number): [number, number][] =>
  Array.from({ length: Math.ceil(blocks / INT16_BLOCKS) }, (_, i) => [
    i * INT16_BLOCKS,
    Math.min(INT16_BLOCKS, blocks - i * INT16_BLOCKS),
  ]);

/** All weights as `[group][chunk][block]`. */
export function loadPointwise({ plan, buffers }: Conv, weights: WeightSource, kernels: Kernels): void {
  const depth = depthOf(plan, plan.algorithm);
  const chunks = depth / INT16.chunk;
  for (const [first, count] of groupsOf(plan.groupBlocks)) {
    for (let block = 0; block < count; block++) {
      const from = weights.expand(`${plan.name}.weight`, first + block, depth * 8);
      for (let chunk = 0; chunk < chunks; chunk++) {
        const to = buffers.u + (first * chunks + chunk * count + block) * INT16.blockBytes;
        kernels.pointwiseWeightsInt16(from + chunk * INT16.chunk * 32, to);
      }
    }
  }
}

/** M = A B for all output channels. */
export function multiplyPointwise({ plan, buffers }: Conv, kernels: Kernels, panels: number): void {
  const chunks = depthOf(plan, plan.algorithm) / INT16.chunk;
  for (const [first, count] of groupsOf(plan.groupBlocks)) {
    const u = buffers.u + first * chunks * INT16.blockBytes;
    const m = buffers.m + first * 2 * panels * 64;
    kernels.gemmBatchInt16(buffers.v, 0, u, 0, m, 0, 1, panels, count, chunks);
  }
}
