/**
 * @module
 * The steps around the networks: the core's plain functions against the kernels that do the same, in turn in every round.
 */

import { type Arena, createArena } from "../../src/edge/inference/simd/arena.ts";
import { createArithmetic, planArithmetic } from "../../src/edge/inference/simd/arithmetic.ts";
import { arenaStart } from "../../src/edge/inference/simd/kernels.ts";
import { globalShape } from "../../src/edge/inference/simd/network-shape.ts";
import type { Arithmetic } from "../../src/glam/contracts.ts";
import { resizeNearest } from "../../src/glam/resize.ts";
import { topKMean } from "../../src/glam/saliency.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { divisorOf, measureStandardisation, standardise } from "../../src/glam/standardise.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { loadKernelModule } from "../../tools/engine/load-module.ts";
import { median } from "../statistics.ts";

/** Median milliseconds of one step, done both ways. */
export type StepRow = { name: string; plain: number; kernel: number };

type Step = { name: string; plain(): unknown; kernel(): unknown };

const ROUNDS = 15;

function timeBoth({ name, plain, kernel }: Step): StepRow {
  const time = (work: () => unknown) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  for (let i = 0; i < 3; i++) [plain(), kernel()];
  const times = Array.from({ length: ROUNDS }, () => [time(plain), time(kernel)]);
  return { name, plain: median(times.map(([one]) => one)), kernel: median(times.map(([, other]) => other)) };
}

/** Mean and std of a canvas; the first pixels of it standardised as if they were a crop, row by row as the stem does it. */
function greySteps(spec: Spec, { kernels, memory }: Arena, arithmetic: Arithmetic, bits: 8 | 12): Step[] {
  const canvas = generatePhantom({ seed: 2, ...spec.canvas, bits, view: "L-MLO", lesions: 1 });
  const standardisation = measureStandardisation(canvas);
  const { crop } = spec;
  const pixels = canvas.pixels.slice(0, crop * crop);
  const raw = new Uint8Array(pixels.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const rowBytes = crop * pixels.BYTES_PER_ELEMENT;
  const toFloat = bits === 8 ? kernels.u8ToFloat : kernels.u16ToFloat;
  const divisor = divisorOf(standardisation);
  function standardiseRows(): void {
    for (let y = 0; y < crop; y++) {
      const to = arenaStart + rowBytes + y * crop * 4;
      bytes.set(raw.subarray(y * rowBytes, (y + 1) * rowBytes), arenaStart);
      toFloat(arenaStart, crop, to);
      kernels.standardise(to, crop, standardisation.mean, divisor);
    }
  }
  return [
    {
      name: `mean and std of a canvas, ${bits} bits`,
      plain: () => measureStandardisation(canvas),
      kernel: () => arithmetic.measureStandardisation(canvas),
    },
    {
      name: `a standardised crop, ${bits} bits`,
      plain: () => standardise(pixels, standardisation),
      kernel: standardiseRows,
    },
  ];
}

/** Pooling one class of a map; a map of half the saliency's height and width in the saliency's size. */
function mapSteps({ saliency }: Spec, { kernels, memory }: Arena, arithmetic: Arithmetic): Step[] {
  const { height, width, topK } = saliency;
  const cells = height * width;
  const k = Math.round(cells * topK);
  const random = createRandom(3, "map");
  const map = Float32Array.from({ length: cells }, () => 1 / (1 + Math.exp(2 - random.normal())));
  const half = { height: Math.ceil(height / 2), width: Math.ceil(width / 2) };
  const small = { ...half, data: Float32Array.from({ length: 2 * half.height * half.width }, () => random.normal()) };
  const floats = new Float32Array(memory.buffer);
  const to = arenaStart + small.data.byteLength;
  function resizeInArena(): Float32Array {
    floats.set(small.data, arenaStart / 4);
    kernels.resizeNearest(arenaStart, 2, half.height, half.width, to, height, width);
    return floats.slice(to / 4, to / 4 + 2 * cells);
  }
  return [
    {
      name: `mean of the largest ${k} of ${cells}`,
      plain: () => topKMean(map, k),
      kernel: () => arithmetic.topKMean(map, k),
    },
    {
      name: `${half.height} x ${half.width} to ${height} x ${width}, nearest`,
      plain: () => resizeNearest(small, saliency),
      kernel: resizeInArena,
    },
  ];
}

/** One row a step, at the spec's sizes. */
export async function stepRows(spec: Spec): Promise<StepRow[]> {
  const plan = planArithmetic(globalShape(spec));
  const room = plan.bytes + spec.crop * (spec.crop + 1) * 4;
  const arena = createArena(await loadKernelModule(), room + 65536);
  arena.reserve(room);
  const arithmetic = createArithmetic(arena, plan);
  const steps = [
    ...greySteps(spec, arena, arithmetic, 8),
    ...greySteps(spec, arena, arithmetic, 12),
    ...mapSteps(spec, arena, arithmetic),
  ];
  return steps.map(timeBoth);
}
