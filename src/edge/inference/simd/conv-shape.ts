/**
 * @module
 * One convolution of a network: its shape, the algorithm that computes it and the memory that takes.
 */
import { type MapLayout, paddedChannels } from "./feature-map.ts";

/** Winograd F(4x4,3x3), F(6x6,3x3), or a multiply with a gathered matrix. */
export type Algorithm = "winograd-4" | "winograd-6" | "matrix";

/** A convolution of a residual block; its padding keeps the size at stride 1. */
export type ConvShape = {
  /** Prefix of its tensors: `<name>.weight` and `<name>.affine`. */
  name: string;
  kernel: 1 | 3;
  stride: 1 | 2;
  input: MapLayout;
  output: MapLayout;
  relu: boolean;
};

/** Buffers of one convolution in bytes, and how the work is cut. */
export type ConvPlan = ConvShape & {
  algorithm: Algorithm;
  /** Output rows that one pass transforms or gathers. */
  passRows: number;
  /** Blocks of eight output channels that are computed at once. */
  groupBlocks: number;
  /** The whole convolution's weights stay expanded while its block of layers runs. */
  resident: boolean;
  /** Bytes between positions. */
  steps: { v: number; u: number; m: number };
  bytes: { v: number; u: number; m: number };
};

/** Output pixels along one side of a tile, and products per tile in all and in one row of positions. */
export type Tile = { side: number; positions: number; rowPositions: number };

const tiles: Record<Algorithm, Tile> = {
  "winograd-6": { side: 6, positions: 64, rowPositions: 8 },
  "winograd-4": { side: 4, positions: 36, rowPositions: 6 },
  matrix: { side: 1, positions: 1, rowPositions: 1 },
};

export const tileOf = (algorithm: Algorithm): Tile => tiles[algorithm];

/** Panels, of six tiles or pixels each, that `rows` output rows need. */
export function panelsOf(algorithm: Algorithm, rows: number, width: number): number {
  const { side } = tileOf(algorithm);
  return Math.ceil((Math.ceil(rows / side) * Math.ceil(width / side)) / 6);
}

/** Depth of the matrix product: input channels, times taps where the input is gathered. */
export const depthOf = ({ kernel, input }: ConvShape, algorithm: Algorithm): number =>
  paddedChannels(input.channels) * (algorithm === "matrix" ? kernel * kernel : 1);

/** Input channels that the matrix kernel multiplies in one pass. */
export const CHUNK = 32;

/** Bytes of a chunk of the weights of one block of eight output channels; the last chunk takes as much. */
export const CHUNK_BYTES = CHUNK * 32;

/** An odd number of cache lines: the same element of neighbouring positions then falls into different cache sets. */
const oddLines = (bytes: number): number => (Math.ceil(bytes / 64) | 1) * 64;

/** The algorithm with the fewest products on this map; F(6x6) wins unless its larger tiles hang over the edge. */
export function chooseAlgorithm({ kernel, stride, output }: ConvShape): Algorithm {
  if (kernel !== 3 || stride !== 1) return "matrix";
  const cost = (algorithm: Algorithm) => tileOf(algorithm).positions * panelsOf(algorithm, output.height, output.width);
  return cost("winograd-6") <= cost("winograd-4") ? "winograd-6" : "winograd-4";
}

/** How a plan may spend memory and cache. */
export type ConvBudget = {
  /** Bytes of V and M of one pass that should stay in the second-level cache while weights are resident. */
  cacheBytes: number;
  /** Expanded weights up to this size stay for the whole block of layers. */
  residentBytes: number;
  /** Else a group of output channels has this much for the expanded weights of one row of positions. */
  groupBytes: number;
};

/**
 * @param rows output rows that are wanted at once; without resident weights one pass takes them all
 */
export function planConv(shape: ConvShape, rows: number, budget: ConvBudget, algorithm: Algorithm): ConvPlan {
  const { side, positions, rowPositions } = tileOf(algorithm);
  const depth = depthOf(shape, algorithm);
  const blocks = paddedChannels(shape.output.channels) / 8;
  const resident = algorithm === "matrix" || blocks * positions * depth * 32 <= budget.residentBytes;
  const groupBlocks = resident
    ? blocks
    : Math.max(1, Math.min(blocks, Math.floor(budget.groupBytes / (rowPositions * depth * 32))));
  const buffers = (passRows: number) => {
    const panels = panelsOf(algorithm, passRows, shape.output.width);
    const steps = {
      v: oddLines(panels * depth * 24),
      u: oddLines(groupBlocks * Math.ceil(depth / CHUNK) * CHUNK_BYTES),
      m: oddLines(groupBlocks * panels * 192),
    };
    // Without resident weights one row of positions is expanded at a time, and the taps it comes from stay behind it.
    const u = resident ? positions * steps.u : rowPositions * steps.u + groupBlocks * depth * 288;
    return { steps, bytes: { v: positions * steps.v, u, m: positions * steps.m } };
  };
  let passRows = Math.ceil(rows / side) * side;
  if (resident) {
    const fits = (n: number) => {
      const { bytes } = buffers(n);
      return bytes.v + bytes.m <= budget.cacheBytes;
    };
    while (passRows > side && !fits(passRows)) passRows -= side;
  }
  return { ...shape, algorithm, passRows, groupBlocks, resident, ...buffers(passRows) };
}
