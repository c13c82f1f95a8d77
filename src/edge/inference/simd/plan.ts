/**
 * @module
 * The memory of a whole network, fixed before it runs: every map and buffer has its address, and the sum is what it
 * needs of the arena.
 */
import { planArithmetic } from "./arithmetic.ts";
import { type Algorithm, type ConvShape, chooseAlgorithm } from "./conv-shape.ts";
import { type MapLayout, mapBytes, paddedChannels } from "./feature-map.ts";
import { arenaStart, pageBytes } from "./kernels.ts";
import type { NetworkShape, StemShape, TapShape } from "./network-shape.ts";
import { type BlockPlan, layRegions, type PlanBudget, planBlock, type Regions } from "./plan-block.ts";
import { weightScratchBytes } from "./weight-source.ts";

/** The stem in strips of `strip` output rows. */
export type StemPlan = StemShape & {
  strip: number;
  /** Bytes of an image row with its zeros: 3 before column 0, and to the end of the last six output pixels. */
  imageRowBytes: number;
  regions: Regions<"levels" | "image" | "conv" | "weights" | "affine">;
};

/** A tap and its buffers. */
export type TapPlan = TapShape & { regions: Regions<"row" | "affine" | "weights" | "map" | "resized"> };

/** Everything that is known before a network runs. */
export type NetworkPlan = {
  shape: NetworkShape;
  stem: StemPlan;
  blocks: BlockPlan[];
  taps: TapPlan[];
  /** Address of row 0 of the stem's output, then of each block's. */
  maps: number[];
  /** A row of zeros that stands for every row outside a map. */
  zero: number;
  zeroBytes: number;
  scratch: number;
  work: number;
  /** Linear memory that the network needs, a multiple of 64 KiB: its peak. */
  bytes: number;
};

/** Choices that a caller may make for a plan. */
export type PlanOptions = {
  budget?: Partial<PlanBudget>;
  /** Which algorithm computes a convolution. */
  algorithm?: (conv: ConvShape) => Algorithm;
  /** Computes background like everything else, for comparisons. */
  everything?: boolean;
};

const MiB = 1024 * 1024;

/** Fits the released local network into 100 MB with its int8 weights. */
export const defaultBudget: PlanBudget = {
  cacheBytes: 1.25 * MiB,
  residentBytes: 4.5 * MiB,
  groupBytes: 2.1 * MiB,
  workBytes: 35 * MiB,
  residentWorkBytes: 2 * MiB,
};

/** The stem in strips of `strip` output rows. */
export function planStem(stem: StemShape, strip: number): StemPlan {
  const outputs = Math.ceil(stem.conv.width / 6) * 6;
  const imageRowBytes = Math.max(outputs * 2 + 8, stem.image.width + 6) * 4;
  const convRows = Math.min(stem.conv.height, strip * 2 + 1);
  const channels = paddedChannels(stem.conv.channels);
  const regions = layRegions({
    // A row of raw pixels of 16 bits.
    levels: stem.image.width * 2,
    image: Math.min(stem.image.height, convRows * 2 + 5) * imageRowBytes,
    conv: convRows * stem.conv.rowBytes,
    weights: channels * 49 * 4,
    affine: channels * 8,
  });
  return { ...stem, strip, imageRowBytes, regions };
}

function planTap(tap: TapShape, classes: number): TapPlan {
  const { input, resized } = tap;
  const channels = paddedChannels(input.channels);
  const regions = layRegions({
    row: input.rowBytes,
    affine: channels * 8,
    weights: classes * channels * 4,
    map: classes * input.height * input.width * 4,
    resized: resized ? classes * resized.height * resized.width * 4 : 0,
  });
  return { ...tap, regions };
}

/**
 * Where each map lies in the one region of all maps. A block writes output row r when input rows below `stride * r` are
 * used up, so its input may begin so far behind its output that it is always ahead.
 * @returns offsets and the size of the region
 */
function placeMaps(first: MapLayout, blocks: readonly BlockPlan[]): { offsets: number[]; bytes: number } {
  const layouts = [first, ...blocks.map(({ output }) => output)];
  const offsets = [0];
  for (const { input, output, stride } of blocks.toReversed()) {
    const lead = (output.height - 1) * (output.rowBytes - stride * input.rowBytes);
    offsets.unshift(offsets[0] + Math.max(0, Math.ceil(lead / 64) * 64));
  }
  return { offsets, bytes: Math.max(...layouts.map((layout, i) => offsets[i] + mapBytes(layout))) };
}

/** @example planNetwork(localShape(spec)).bytes // the arena of the local network */
export function planNetwork(shape: NetworkShape, options: PlanOptions = {}): NetworkPlan {
  const budget = { ...defaultBudget, ...options.budget };
  const pick = options.algorithm ?? chooseAlgorithm;
  const stem = planStem(shape.stem, 8);
  const blocks = shape.blocks.map((block) => planBlock(block, budget, pick));
  const taps = shape.taps.map((tap) => planTap(tap, shape.classes));
  const layouts = [shape.stem.conv, shape.stem.output, ...shape.blocks.flatMap(({ input, output }) => [input, output])];
  const depth = Math.max(...shape.blocks.map(({ input, output }) => Math.max(input.planes, output.planes))) * 4;
  const maps = placeMaps(shape.stem.output, blocks);
  const zeroBytes = Math.max(stem.imageRowBytes, ...layouts.map(({ planeBytes }) => planeBytes + 128));
  const { offsets, bytes } = layRegions({
    zero: zeroBytes,
    scratch: weightScratchBytes(depth * 72),
    maps: maps.bytes,
    work: Math.max(...[stem, ...blocks, ...taps].map(({ regions }) => regions.bytes)),
  });
  // Steps around the global network begin where it does, before and after it runs.
  const needed = Math.max(arenaStart + bytes, shape.kind === "global" ? planArithmetic(shape).bytes : 0);
  return {
    shape,
    stem,
    blocks,
    taps,
    maps: maps.offsets.map((offset) => arenaStart + offsets.maps + offset),
    zero: arenaStart + offsets.zero,
    zeroBytes,
    scratch: arenaStart + offsets.scratch,
    work: arenaStart + offsets.work,
    bytes: Math.ceil(needed / pageBytes) * pageBytes,
  };
}
