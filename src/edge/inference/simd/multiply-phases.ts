/**
 * @module
 * Products of the four phases of a 3x3 convolution at stride 2, added up position by position. Point 0 has the odd phase only,
 * so its products are half as deep.
 */
import { CHUNK_BYTES, type Conv, tileOf } from "./conv-shape.ts";
import { paddedChannels } from "./feature-map.ts";
import type { Kernels } from "./kernels.ts";
import { weightRows } from "./multiply-group.ts";
import type { WeightSource } from "./weight-source.ts";

/** Rows of G but that of the point at infinity. */
const rows = weightRows["winograd-6"].slice(0, 7);

/** All of a convolution's weights, to stay. */
export function loadPhases({ plan, buffers }: Conv, weights: WeightSource, kernels: Kernels): void {
  const channels = paddedChannels(plan.input.channels);
  for (let block = 0; block < plan.groupBlocks; block++) {
    const taps = weights.expand(`${plan.name}.weight`, block, channels * 72);
    rows.forEach(([g0, g1], row) => {
      const u = buffers.u + row * rows.length * plan.steps.u;
      kernels.winograd6Stride2WeightRow(taps, channels, g0, g1, block, plan.groupBlocks, u, plan.steps.u);
    });
  }
}

/** M = V U for the output blocks [first, first + count), one row of positions after the other. */
export function multiplyPhases(
  { plan, buffers }: Conv,
  weights: WeightSource,
  kernels: Kernels,
  panels: number,
  [first, count]: [number, number],
): void {
  const { steps, resident } = plan;
  const { rowPositions } = tileOf(plan.algorithm);
  const channels = paddedChannels(plan.input.channels);
  const taps = buffers.u + rowPositions * steps.u;
  if (!resident) {
    for (let b = 0; b < count; b++) {
      weights.expand(`${plan.name}.weight`, first + b, channels * 72, taps + b * channels * 288);
    }
  }
  rows.forEach(([g0, g1], row) => {
    const u = resident ? buffers.u + row * rowPositions * steps.u : buffers.u;
    if (!resident) {
      for (let b = 0; b < count; b++) {
        kernels.winograd6Stride2WeightRow(taps + b * channels * 288, channels, g0, g1, b, count, u, steps.u);
      }
    }
    const multiply = (column: number, positions: number, phases: number) => {
      const at = row * rowPositions + column;
      kernels.gemmBatch(
        ...([
          buffers.v + at * steps.v,
          steps.v,
          u + column * steps.u,
          steps.u,
          count * CHUNK_BYTES,
          CHUNK_BYTES,
        ] as const),
        ...([buffers.m + at * steps.m, steps.m, positions, panels, count, phases * channels] as const),
      );
    };
    const phases = row === 0 ? 1 : 2;
    multiply(0, 1, phases);
    multiply(1, rowPositions - 1, phases * 2);
  });
}
