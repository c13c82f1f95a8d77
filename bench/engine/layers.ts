/**
 * @module
 * Speed of the engine by layers: every kind of residual block in direct-equivalent GMAC/s.
 */
import { createArena } from "../../src/edge/inference/simd/arena.ts";
import { planWithWeights } from "../../src/edge/inference/simd/network.ts";
import { globalShape, localShape } from "../../src/edge/inference/simd/network-shape.ts";
import type { BlockPlan } from "../../src/edge/inference/simd/plan-block.ts";
import { runBlock } from "../../src/edge/inference/simd/residual-block.ts";
import { weightSource } from "../../src/edge/inference/simd/weight-source.ts";
import { readWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import { loadKernelModule } from "../../tools/engine/load-module.ts";
import { median } from "../statistics.ts";
import type { BenchModel } from "./model.ts";

/** One row: a block and its speed. */
export type LayerRow = { name: string; milliseconds: number; gmacPerSecond: number; algorithm: string };

function medianTime(repeat: number, work: () => void): number {
  work();
  const times = Array.from({ length: repeat }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times);
}

const blockGmac = ({ input, output, projection }: BlockPlan): number => {
  const taps = 9 * input.channels + 9 * output.channels + (projection ? input.channels : 0);
  return (output.height * output.width * output.channels * taps) / 1e9;
};

/** The last block of every width, which is the one that repeats. */
export async function layerRows({ which, spec, weights }: BenchModel, repeat: number): Promise<LayerRow[]> {
  const packed = readWeightsFile(weights);
  const plan = planWithWeights(which === "global" ? globalShape(spec) : localShape(spec), packed);
  const { kernels, memory, reserve } = createArena(await loadKernelModule(), plan.bytes);
  reserve(plan.bytes);
  const source = weightSource(packed, memory, kernels, plan.scratch);
  const engine = { kernels, weights: source, bytes: new Uint8Array(memory.buffer), zero: plan.zero, work: plan.work };
  return plan.blocks.flatMap((block, i) => {
    if (plan.blocks[i + 1]?.output.channels === block.output.channels) return [];
    const milliseconds = medianTime(repeat, () =>
      runBlock(engine, block, plan.maps[i], plan.maps[i + 1], [0, block.output.height]),
    );
    const { channels, height, width } = block.output;
    const gmacPerSecond = (blockGmac(block) / milliseconds) * 1000;
    return [
      { name: `${channels} ch ${height}x${width}`, milliseconds, gmacPerSecond, algorithm: block.conv2.algorithm },
    ];
  });
}
