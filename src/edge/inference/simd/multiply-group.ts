/**
 * @module
 * Products with weights that do not stay: a group of output channels is expanded for one row of positions at a time.
 */
import { CHUNK, CHUNK_BYTES, type Conv, depthOf, INT16, tileOf } from "./conv-shape.ts";
import type { Kernels } from "./kernels.ts";
import type { WeightSource } from "./weight-source.ts";

/** Rows of G: how three taps become the positions of one row. */
export const weightRows = {
  "winograd-4": [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  "winograd-6": [
    [1, 0, 0],
    [-2 / 9, -2 / 9, -2 / 9],
    [-2 / 9, 2 / 9, -2 / 9],
    [1 / 90, 1 / 45, 2 / 45],
    [1 / 90, -1 / 45, 2 / 45],
    [32 / 45, 16 / 45, 8 / 45],
    [32 / 45, -16 / 45, 8 / 45],
    [0, 0, 1],
  ],
} as const;

/** Where each chunk of a block's weights lies in U `[chunk][block][k][8]`. */
export function eachChunk(
  depth: number,
  block: number,
  blocks: number,
  visit: (k: number, count: number, to: number) => void,
): void {
  for (let k = 0; k < depth; k += CHUNK) {
    visit(k, Math.min(CHUNK, depth - k), ((k / CHUNK) * blocks + block) * CHUNK_BYTES);
  }
}

/** M = V U for the output blocks [first, first + count), one row of positions after the other. */
export function multiplyGroup(
  { plan, buffers }: Conv,
  weights: WeightSource,
  kernels: Kernels,
  panels: number,
  [first, count]: [number, number],
): void {
  const { steps, algorithm } = plan;
  if (algorithm !== "winograd-4" && algorithm !== "winograd-6") throw new RangeError(`${algorithm} has no such group`);
  const depth = depthOf(plan, algorithm);
  const { rowPositions } = tileOf(algorithm);
  const taps = buffers.u + rowPositions * steps.u;
  for (let b = 0; b < count; b++) {
    weights.expand(`${plan.name}.weight`, first + b, depth * 72, taps + b * depth * 288);
  }
  const transform = algorithm === "winograd-6" ? kernels.winograd6WeightRow : kernels.winograd4WeightRow;
  weightRows[algorithm].forEach(([g0, g1, g2], row) => {
    for (let b = 0; b < count; b++) {
      eachChunk(depth, b, count, (k, length, to) => {
        transform(taps + (b * depth + k) * 288, length, g0, g1, g2, buffers.u + to, steps.u);
      });
    }
    const position = row * rowPositions;
    kernels.gemmBatch(
      ...([buffers.v + position * steps.v, steps.v, buffers.u, steps.u] as const),
      ...([count * CHUNK_BYTES, CHUNK_BYTES] as const),
      ...([buffers.m + position * steps.m, steps.m, rowPositions, panels, count, depth] as const),
    );
  });
}

/** All of a convolution's weights as 16-bit integers, to stay. */
export function loadIntegers({ plan, buffers }: Conv, weights: WeightSource, kernels: Kernels): void {
  const { steps, groupBlocks: blocks } = plan;
  const depth = depthOf(plan, plan.algorithm);
  const { rowPositions } = tileOf(plan.algorithm);
  for (let block = 0; block < blocks; block++) {
    const taps = weights.expand(`${plan.name}.weight`, block, depth * 72);
    for (let chunk = 0; chunk < depth / INT16.chunk; chunk++) {
      const from = taps + chunk * INT16.chunk * 288;
      const to = buffers.u + (chunk * blocks + block) * INT16.blockBytes;
      weightRows["winograd-6"].forEach(([g0, g1, g2], row) => {
        kernels.winograd6WeightRowFloat(from, g0, g1, g2, to + row * rowPositions * steps.u, steps.u);
      });
    }
  }
}

/** The same with products of 16-bit integers; weights that do not stay are int8. */
export function multiplyIntegers(
  { plan, buffers }: Conv,
  weights: WeightSource,
  kernels: Kernels,
  panels: number,
  [first, count]: [number, number],
): void {
  const { steps, algorithm } = plan;
  const { positions, rowPositions } = tileOf(algorithm);
  const depth = depthOf(plan, algorithm);
  const chunks = depth / INT16.chunk;
  const multiply = (position: number, positions: number) =>
    kernels.gemmBatchInt16(
      ...([buffers.v + position * steps.v, steps.v, buffers.u, steps.u] as const),
      ...([buffers.m + position * steps.m, steps.m, positions, panels, count, chunks] as const),
    );
  if (plan.resident) {
    multiply(0, positions);
    return;
  }
  const taps = buffers.u + rowPositions * steps.u;
  for (let b = 0; b < count; b++) {
    weights.copyInt8(`${plan.name}.weight`, first + b, depth * 72, taps + b * depth * 72);
  }
  weightRows["winograd-6"].forEach(([g0, g1, g2], row) => {
    for (let block = 0; block < count; block++) {
      for (let chunk = 0; chunk < chunks; chunk++) {
        const to = buffers.u + (chunk * count + block) * INT16.blockBytes;
        kernels.winograd6WeightRowInt16(taps + (block * chunks + chunk) * INT16.chunk * 72, g0, g1, g2, to, steps.u);
      }
    }
    multiply(row * rowPositions, rowPositions);
  });
}
