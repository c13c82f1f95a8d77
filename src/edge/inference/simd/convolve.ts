/**
 * @module
 * Runs one planned convolution on a strip of rows.
 */
import {
  CHUNK_BYTES,
  type Conv,
  type ConvPlan,
  depthOf,
  hasPhases,
  isInteger,
  isMatrix,
  panelsOf,
  tileOf,
} from "./conv-shape.ts";
import { type Rows, rowAddress } from "./feature-map.ts";
import type { Kernels } from "./kernels.ts";
import { eachChunk, loadIntegers, multiplyGroup, multiplyIntegers } from "./multiply-group.ts";
import { loadPhases, multiplyPhases } from "./multiply-phases.ts";
import { loadPointwise, multiplyPointwise } from "./multiply-pointwise.ts";
import { type Columns, convRepeats, segments, withResidual } from "./repeats.ts";
import type { WeightSource } from "./weight-source.ts";

/** From input rows to V, from M to output rows. */
const transforms = (kernels: Kernels) => ({
  "winograd-6-int16": { input: kernels.winograd6InputInt16, output: kernels.winograd6Output },
  "winograd-6": { input: kernels.winograd6Input, output: kernels.winograd6Output },
  "winograd-6-stride-2": { input: kernels.winograd6Stride2Input, output: kernels.winograd6Stride2Output },
  "winograd-6-stride-2-int16": { input: kernels.winograd6Stride2InputInt16, output: kernels.winograd6Stride2Output },
  "winograd-4": { input: kernels.winograd4Input, output: kernels.winograd4Output },
});

/** Puts a convolution's gains and biases, and its weights if they stay, into the arena. */
export function loadConv({ plan, buffers }: Conv, weights: WeightSource, kernels: Kernels): void {
  weights.copy(`${plan.name}.affine`, buffers.affine);
  if (!plan.resident) return;
  if (hasPhases(plan.algorithm)) {
    loadPhases({ plan, buffers }, weights, kernels);
    return;
  }
  if (plan.algorithm === "matrix-int16") {
    loadPointwise({ plan, buffers }, weights, kernels);
    return;
  }
  if (plan.algorithm === "winograd-6-int16") {
    loadIntegers({ plan, buffers }, weights, kernels);
    return;
  }
  const depth = depthOf(plan, plan.algorithm);
  for (let block = 0; block < plan.groupBlocks; block++) {
    if (plan.algorithm === "matrix") {
      weights.expand(`${plan.name}.weight`, block, depth * 8, buffers.u + block * depth * 32);
      continue;
    }
    const taps = weights.expand(`${plan.name}.weight`, block, depth * 72);
    const transform = plan.algorithm === "winograd-6" ? kernels.winograd6Weights : kernels.winograd4Weights;
    eachChunk(depth, block, plan.groupBlocks, (k, count, to) => {
      transform(taps + k * 288, count, buffers.u + to, plan.steps.u);
    });
  }
}

/**
 * Computes output rows [from, to) from the rows of `input` that are there.
 * @param residual rows added before the ReLU; its layout is the output's
 */
export function convolve(
  conv: Conv,
  weights: WeightSource,
  kernels: Kernels,
  input: Rows,
  output: Rows,
  [from, to]: [number, number],
  residual?: Rows,
): void {
  const { layout } = output;
  for (let row = from; row < to; row += conv.plan.passRows) {
    const rows = Math.min(conv.plan.passRows, to - row);
    const columns = repeating(conv.plan, input, row, rows, residual);
    // Where weights are expanded for every pass, two narrow ones cost more than what they leave out.
    const computed = conv.plan.resident ? segments(columns, layout.width) : [[0, layout.width] as const];
    for (const segment of computed) {
      gather(conv, kernels, input, row, rows, segment);
      multiply(conv, weights, kernels, output, row, rows, segment, residual);
    }
    copyRepeats(kernels, output, row, rows, computed);
    output.repeats?.set(row, row + rows, columns);
  }
  kernels.clearMargins(rowAddress(output, from), (to - from) * layout.planes, layout.stride, layout.width);
}

/** Output columns of rows [top, top + rows) that repeat. */
function repeating(plan: ConvPlan, input: Rows, top: number, rows: number, residual: Rows | undefined): Columns {
  // The narrower tiles of F(4x4) do not fit into the period.
  if (!input.repeats || plan.algorithm === "winograd-4") return [0, 0];
  const { side } = tileOf(plan.algorithm);
  const pad = (plan.kernel - 1) / 2;
  const first = Math.max(input.low, top * plan.stride - pad);
  const last = (top + Math.ceil(rows / side) * side - 1) * plan.stride - pad + plan.kernel;
  const common = input.repeats.common(first, Math.min(input.high, last));
  const columns = convRepeats(plan, !isMatrix(plan.algorithm), common);
  const rest = residual ? (residual.repeats?.common(top, top + rows) ?? [0, 0]) : undefined;
  const [from, to] = rest ? withResidual(columns, rest) : columns;
  return [from, Math.min(to, plan.output.width)];
}

/** Fills the columns between two computed segments. */
function copyRepeats(kernels: Kernels, { layout, origin }: Rows, top: number, rows: number, computed: Columns[]): void {
  const [left, right = [layout.width]] = computed;
  if (left[1] === right[0]) return;
  const base = origin + top * layout.rowBytes;
  kernels.repeatColumns(base, rows * layout.planes, layout.planeBytes, left[1], right[0]);
}

/** Input rows -> V, or the gathered matrix, for output columns [from, to). */
function gather(
  { plan, buffers }: Conv,
  kernels: Kernels,
  input: Rows,
  top: number,
  rows: number,
  [from, to]: Columns,
): void {
  const { input: layout, algorithm, steps } = plan;
  const { side, positions } = tileOf(algorithm);
  const base = input.origin + from * plan.stride * 16;
  const common = [base, layout.rowBytes, layout.planeBytes, input.low, input.high, top, buffers.zero] as const;
  const tileRows = Math.ceil(rows / side);
  const tileCols = Math.ceil((to - from) / side);
  if (algorithm === "matrix") {
    kernels.im2col(...common, layout.planes, plan.kernel, plan.stride, rows, to - from, buffers.v);
  } else if (algorithm === "matrix-int16") {
    kernels.pointwiseInputInt16(...common, layout.planes, plan.stride, rows, to - from, buffers.v);
  } else if (algorithm === "winograd-6-stride-2" || algorithm === "winograd-6-stride-2-int16") {
    const columns = layout.stride - from * plan.stride;
    const { input: transform } = transforms(kernels)[algorithm];
    transform(...common, layout.planes, tileRows, tileCols, columns, buffers.v, steps.v);
  } else {
    transforms(kernels)[algorithm].input(...common, layout.planes, tileRows, tileCols, buffers.v, steps.v);
  }
  // Of integers no lane is unfit to be multiplied; phases have zeros there.
  if (isInteger(algorithm) || hasPhases(algorithm)) return;
  kernels.clearTail(buffers.v, steps.v, positions, depthOf(plan, algorithm) / 4, tileRows * tileCols);
}

/** M = V U for all positions with the weights that stay. */
function multiplyResident({ plan, buffers }: Conv, kernels: Kernels, panels: number): void {
  const { steps, algorithm, groupBlocks } = plan;
  const depth = depthOf(plan, algorithm);
  // The one product of a gathered matrix reads its weights as they lie in the file, block after block.
  const [chunk, block] = algorithm === "matrix" ? [CHUNK_BYTES, depth * 32] : [groupBlocks * CHUNK_BYTES, CHUNK_BYTES];
  kernels.gemmBatch(
    ...([buffers.v, steps.v, buffers.u, steps.u, chunk, block, buffers.m, steps.m] as const),
    ...([tileOf(algorithm).positions, panels, groupBlocks, depth] as const),
  );
}

/** V times U, group by group, and from M to the output rows. */
function multiply(
  conv: Conv,
  weights: WeightSource,
  kernels: Kernels,
  output: Rows,
  top: number,
  rows: number,
  [from, to]: Columns,
  residual: Rows | undefined,
): void {
  const { plan, buffers } = conv;
  const { steps, algorithm } = plan;
  const { side, lanes } = tileOf(algorithm);
  const layout = output.layout;
  const blocks = layout.planes / 2;
  const panels = panelsOf(algorithm, rows, to - from);
  for (let first = 0; first < blocks; first += plan.groupBlocks) {
    const count = Math.min(plan.groupBlocks, blocks - first);
    if (hasPhases(algorithm)) multiplyPhases(conv, weights, kernels, panels, [first, count]);
    else if (algorithm === "matrix-int16") multiplyPointwise(conv, kernels, panels);
    else if (algorithm === "winograd-6-int16") multiplyIntegers(conv, weights, kernels, panels, [first, count]);
    else if (plan.resident) multiplyResident(conv, kernels, panels);
    else multiplyGroup(conv, weights, kernels, panels, [first, count]);
    // Column 0 is stored behind column -1.
    const plane = first * 2 * layout.planeBytes + 16 + from * 16;
    const target = [
      rowAddress(output, top) + plane,
      layout.rowBytes,
      residual ? rowAddress(residual, top) + plane : 0,
      residual ? residual.layout.rowBytes : 0,
      layout.planeBytes,
      rows,
      to - from,
      plan.relu,
    ] as const;
    const affine = buffers.affine + first * 64;
    if (algorithm === "matrix" || algorithm === "matrix-int16") {
      kernels.gemmOutput(buffers.m, count * 2, panels * lanes, affine, ...target);
    } else {
      const tiles = [Math.ceil(rows / side), Math.ceil((to - from) / side), panels * lanes] as const;
      transforms(kernels)[algorithm].output(buffers.m, steps.m, count * 2, ...tiles, affine, ...target);
    }
  }
}
