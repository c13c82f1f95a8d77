/**
 * @module
 * Products of the four phases of a 3x3 convolution at stride 2, added up position by position. Point 0 has the odd phase only,
 * so its products are half as deep.
 */
import { CHUNK_BYTES, type Conv, INT16, isInteger, tileOf } from "./conv-shape.ts";
import { paddedChannels } from "./feature-map.ts";
import type { Kernels } from "./kernels.ts";
import { weightRows } from "./multiply-group.ts";
import type { WeightSource } from "./weight-source.ts";

/** Rows of G but that of the point at infinity. */
const rows = weightRows["winograd-6"].slice(0, 7);

/** Transforms the f32 taps of one block of `blocks` to row `row` of positions, at `u`. */
function transformRow(
  { plan }: Conv,
  kernels: Kernels,
  taps: number,
  row: number,
  [block, blocks]: [number, number],
  u: number,
): void {
  const channels = paddedChannels(plan.input.channels);
  const [g0, g1] = rows[row];
  if (!isInteger(plan.algorithm)) {
    kernels.winograd6Stride2WeightRow(taps, channels, g0, g1, block, blocks, u, plan.steps.u);
    return;
  }
  const chunks = channels / INT16.chunk;
  const phaseBytes = chunks * blocks * INT16.blockBytes;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const to = u + (chunk * blocks + block) * INT16.blockBytes;
    const from = taps + chunk * INT16.chunk * 32;
    kernels.winograd6Stride2WeightRowInt16(from, channels, g0, g1, phaseBytes, to, plan.steps.u);
  }
}

/** All of a convolution's weights, to stay. */
export function loadPhases(conv: Conv, weights: WeightSource, kernels: Kernels): void {
  const { plan, buffers } = conv;
  const { rowPositions } = tileOf(plan.algorithm);
  for (let block = 0; block < plan.groupBlocks; block++) {
    const taps = weights.expand(`${plan.name}.weight`, block, paddedChannels(plan.input.channels) * 72);
    rows.forEach((_, row) => {
      const u = buffers.u + row * rowPositions * plan.steps.u;
      transformRow(conv, kernels, taps, row, [block, plan.groupBlocks], u);
    });
  }
}

/** M = V U for `positions` positions of `phases` phases each. */
function multiplyPositions(
  { plan, buffers }: Conv,
  kernels: Kernels,
  u: number,
  [first, positions, phases]: [number, number, number],
  [panels, blocks]: [number, number],
): void {
  const { steps } = plan;
  const depth = phases * paddedChannels(plan.input.channels);
  const [v, m] = [buffers.v + first * steps.v, buffers.m + first * steps.m];
  if (isInteger(plan.algorithm)) {
    const chunks = depth / INT16.chunk;
    kernels.gemmBatchInt16(v, steps.v, u, steps.u, m, steps.m, positions, panels, blocks, chunks);
    return;
  }
  const chunk = blocks * CHUNK_BYTES;
  kernels.gemmBatch(v, steps.v, u, steps.u, chunk, CHUNK_BYTES, m, steps.m, positions, panels, blocks, depth);
}

/** M = V U for the output blocks [first, first + count), one row of positions after the other. */
export function multiplyPhases(
  conv: Conv,
  weights: WeightSource,
  kernels: Kernels,
  panels: number,
  [first, count]: [number, number],
): void {
  const { plan, buffers } = conv;
  const { steps, resident } = plan;
  const { rowPositions } = tileOf(plan.algorithm);
  const channels = paddedChannels(plan.input.channels);
  const taps = buffers.u + rowPositions * steps.u;
  for (let b = 0; b < count && !resident; b++) {
    weights.expand(`${plan.name}.weight`, first + b, channels * 72, taps + b * channels * 288);
  }
  rows.forEach((_, row) => {
    const u = resident ? buffers.u + row * rowPositions * steps.u : buffers.u;
    for (let b = 0; b < count && !resident; b++) {
      transformRow(conv, kernels, taps + b * channels * 288, row, [b, count], u);
    }
    const [at, phases] = [row * rowPositions, row === 0 ? 1 : 2];
    multiplyPositions(conv, kernels, u, [at, 1, phases], [panels, count]);
    multiplyPositions(conv, kernels, u + steps.u, [at + 1, rowPositions - 1, phases * 2], [panels, count]);
  });
}
