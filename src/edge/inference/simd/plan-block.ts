/**
 * @module
 * How one residual block runs in strips: rows of the inner map are made, the output rows they allow are written over input
 * rows that are not needed again, and the last two inner rows wait for the next strip. Nothing is computed twice.
 */
import {
  type Algorithm,
  type ConvBudget,
  type ConvPlan,
  type ConvShape,
  chooseAlgorithm,
  planConv,
  tileOf,
} from "./conv-shape.ts";
import { paddedChannels } from "./feature-map.ts";
import type { BlockShape } from "./network-shape.ts";

/** What a plan may spend. */
export type PlanBudget = ConvBudget & {
  /** Work space of a block whose weights must be expanded again for every strip: few, tall strips. */
  workBytes: number;
  /** Work space, beside the weights, of a block whose weights stay expanded: strips that stay in the cache. */
  residentWorkBytes: number;
};

/** Named regions -> bytes, and where they lie behind the start of the work space. */
export type Regions<Name extends string> = { offsets: Record<Name, number>; bytes: number };

/** Lays regions one behind the other at cache-line boundaries. */
export function layRegions<Name extends string>(sizes: Record<Name, number>): Regions<Name> {
  let bytes = 0;
  const offsets = { ...sizes };
  for (const name of Object.keys(sizes) as Name[]) {
    offsets[name] = bytes;
    bytes += Math.ceil(sizes[name] / 64) * 64;
  }
  return { offsets, bytes };
}

/** Work space of a block. */
type BlockRegion =
  | "activated"
  | "inner"
  | "projected"
  | "v"
  | "m"
  | "group"
  | "u1"
  | "u2"
  | "uShortcut"
  | "affine"
  | "affine1"
  | "affine2"
  | "affineShortcut";

/** One block, ready to run but for its addresses. */
export type BlockPlan = BlockShape & {
  /** Inner rows per strip. */
  strip: number;
  conv1: ConvPlan;
  conv2: ConvPlan;
  shortcut: ConvPlan | undefined;
  regions: Regions<BlockRegion>;
};

/** The block's convolutions. */
export function blockConvs(block: BlockShape): { conv1: ConvShape; conv2: ConvShape; shortcut: ConvShape | undefined } {
  const { name, input, output, stride } = block;
  const conv1 = { name: `${name}.conv1`, kernel: 3 as const, stride, input, output, relu: true };
  const relu = !block.preactivation;
  const conv2 = { name: `${name}.conv2`, kernel: 3 as const, stride: 1 as const, input: output, output, relu };
  const shortcut = { name: `${name}.shortcut`, kernel: 1 as const, stride, input, output, relu: false };
  return { conv1, conv2, shortcut: block.projection ? shortcut : undefined };
}

function planStrip(
  block: BlockShape,
  strip: number,
  budget: PlanBudget,
  pick: (conv: ConvShape) => Algorithm,
): BlockPlan {
  const shapes = blockConvs(block);
  const plan = (shape: ConvShape) => planConv(shape, strip, budget, pick(shape));
  const conv1 = plan(shapes.conv1);
  const conv2 = plan(shapes.conv2);
  const shortcut = shapes.shortcut && plan(shapes.shortcut);
  const { input, output, stride, preactivation } = block;
  const convs = [conv1, conv2, ...(shortcut ? [shortcut] : [])];
  const most = (of: (conv: ConvPlan) => number) => Math.max(...convs.map(of));
  const affine = (channels: number) => paddedChannels(channels) * 8;
  const regions = layRegions<BlockRegion>({
    activated: preactivation ? Math.min(input.height, strip * stride + 2) * input.rowBytes : 0,
    inner: Math.min(output.height, strip + 2) * output.rowBytes,
    projected: shortcut ? Math.min(output.height, strip + 1) * output.rowBytes : 0,
    v: most(({ bytes }) => bytes.v),
    m: most(({ bytes }) => bytes.m),
    group: most(({ resident, bytes }) => (resident ? 0 : bytes.u)),
    u1: conv1.resident ? conv1.bytes.u : 0,
    u2: conv2.resident ? conv2.bytes.u : 0,
    uShortcut: shortcut ? shortcut.bytes.u : 0,
    affine: affine(input.channels),
    affine1: affine(output.channels),
    affine2: affine(output.channels),
    affineShortcut: affine(output.channels),
  });
  return { ...block, strip, conv1, conv2, shortcut, regions };
}

/** The tallest strips that fit; if none does, the lowest there are. */
export function planBlock(
  block: BlockShape,
  budget: PlanBudget,
  pick: (conv: ConvShape) => Algorithm = chooseAlgorithm,
): BlockPlan {
  const { side } = tileOf(pick(blockConvs(block).conv2));
  const { height } = block.output;
  let plan = planStrip(block, Math.ceil(height / side) * side, budget, pick);
  for (let strips = 2; plan.strip > side; strips++) {
    const { conv1, conv2, regions } = plan;
    const resident = conv1.resident && conv2.resident;
    const limit = resident ? budget.residentWorkBytes + conv1.bytes.u + conv2.bytes.u : budget.workBytes;
    if (regions.bytes <= limit) break;
    let strip = Math.ceil(height / strips / side) * side;
    // The last strip of output has one row more than its inner rows; it must not be a full one.
    if (height % strip === 0 && strip + side < plan.strip) strip += side;
    if (strip < plan.strip) plan = planStrip(block, strip, budget, pick);
  }
  return plan;
}
