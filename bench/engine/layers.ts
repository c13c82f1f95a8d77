/**
 * @module
 * Speed of the kernels themselves: the FMA peak that the micro-kernel reaches on operands in the first-level cache, and every
 * kind of residual block in direct-equivalent GMAC/s.
 */
import { createArena } from "../../src/inference/simd/arena.ts";
import { arenaStart } from "../../src/inference/simd/kernels.ts";
import { globalShape, localShape } from "../../src/inference/simd/network-shape.ts";
import { planNetwork } from "../../src/inference/simd/plan.ts";
import type { BlockPlan } from "../../src/inference/simd/plan-block.ts";
import { runBlock } from "../../src/inference/simd/residual-block.ts";
import { weightSource } from "../../src/inference/simd/weight-source.ts";
import { readWeightsFile } from "../../src/inference/simd/weights-file.ts";
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

/** GMAC/s of the 6x8 kernel where nothing but arithmetic limits it. */
export async function fmaPeak(): Promise<number> {
  const { kernels, reserve } = createArena(await loadKernelModule(), 2 ** 20);
  reserve(arenaStart + 2 ** 18);
  const [a, b, m] = [arenaStart, arenaStart + 2 ** 16, arenaStart + 2 ** 17];
  const [panels, depth, rounds] = [8, 32, 2000];
  const milliseconds = medianTime(7, () => {
    // The same panel and block again and again: `count` positions at steps of zero.
    kernels.gemmBatch(a, 0, b, 0, 0, 0, m, 0, rounds, panels, 1, depth);
  });
  return (rounds * panels * 6 * 8 * depth) / milliseconds / 1e6;
}

const blockGmac = ({ input, output, projection }: BlockPlan): number => {
  const taps = 9 * input.channels + 9 * output.channels + (projection ? input.channels : 0);
  return (output.height * output.width * output.channels * taps) / 1e9;
};

/** The last block of every width, which is the one that repeats. */
export async function layerRows({ which, spec, weights }: BenchModel, repeat: number): Promise<LayerRow[]> {
  const plan = planNetwork(which === "global" ? globalShape(spec) : localShape(spec));
  const { kernels, memory, reserve } = createArena(await loadKernelModule(), plan.bytes);
  reserve(plan.bytes);
  const source = weightSource(readWeightsFile(weights), memory, kernels, plan.scratch);
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
