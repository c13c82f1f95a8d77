/**
 * @module
 * One convolution of a network: its shape, the algorithm that computes it and the memory that takes.
 */
import { type MapLayout, paddedChannels } from "./feature-map.ts";

/**
 * Winograd F(4x4,3x3), F(6x6,3x3), F(6x6,3x3) with products of 16-bit integers, F(6x6,2x2) of the four phases of a stride-2
 * convolution, those with products of integers, or a multiply with a gathered matrix, of integers where the kernel is 1x1.
 */
export type Algorithm =
  | "winograd-4"
  | "winograd-6"
  | "winograd-6-int16"
  | "winograd-6-stride-2"
  | "winograd-6-stride-2-int16"
  | "matrix"
  | "matrix-int16";

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

/** Addresses that a convolution works with. */
export type ConvBuffers = { v: number; u: number; m: number; affine: number; zero: number };

/** One convolution ready to run. */
export type Conv = { plan: ConvPlan; buffers: ConvBuffers };

/**
 * Output pixels along one side of a tile, positions per tile in all and in one row, tiles of a panel. `products` are those of
 * one input and output channel, `depths` how many input channels' products a position adds up at most, per input channel.
 */
export type Tile = {
  side: number;
  positions: number;
  rowPositions: number;
  lanes: number;
  products: number;
  depths: number;
};

const tiles: Record<Algorithm, Tile> = {
  "winograd-6-int16": { side: 6, positions: 64, rowPositions: 8, lanes: 4, products: 64, depths: 1 },
  "winograd-6": { side: 6, positions: 64, rowPositions: 8, lanes: 6, products: 64, depths: 1 },
  "winograd-6-stride-2": { side: 6, positions: 49, rowPositions: 7, lanes: 6, products: 169, depths: 4 },
  "winograd-6-stride-2-int16": { side: 6, positions: 49, rowPositions: 7, lanes: 4, products: 169, depths: 4 },
  "winograd-4": { side: 4, positions: 36, rowPositions: 6, lanes: 6, products: 36, depths: 1 },
  "matrix-int16": { side: 1, positions: 1, rowPositions: 1, lanes: 4, products: 1, depths: 1 },
  matrix: { side: 1, positions: 1, rowPositions: 1, lanes: 6, products: 9, depths: 9 },
};

/** Whether products are those of 16-bit integers. */
export const isInteger = (algorithm: Algorithm): boolean => algorithm.endsWith("-int16");

/** Whether the input is gathered. */
export const isMatrix = (algorithm: Algorithm): boolean => algorithm.startsWith("matrix");

/** Whether phases of a stride-2 convolution are multiplied. */
export const hasPhases = (algorithm: Algorithm): boolean => algorithm.startsWith("winograd-6-stride-2");

export const tileOf = (algorithm: Algorithm): Tile => tiles[algorithm];

/** Panels, of `lanes` tiles or pixels each, that `rows` output rows need. */
export function panelsOf(algorithm: Algorithm, rows: number, width: number): number {
  const { side, lanes } = tileOf(algorithm);
  return Math.ceil((Math.ceil(rows / side) * Math.ceil(width / side)) / lanes);
}

/** Depth of the matrix product: input channels, times taps where the input is gathered, times phases at stride 2. */
export const depthOf = ({ kernel, input }: ConvShape, algorithm: Algorithm): number =>
  paddedChannels(input.channels) * (kernel === 1 ? 1 : tileOf(algorithm).depths);

/** Input channels that the matrix kernel multiplies in one pass. */
export const CHUNK = 32;

/** Bytes of a chunk of the weights of one block of eight output channels; the last chunk takes as much. */
export const CHUNK_BYTES = CHUNK * 32;

/** Integers: channels that have a scale in common, bytes of them with their scales in a panel and in a block of weights. */
export const INT16 = { chunk: 64, panelBytes: 528, blockBytes: 1056 };

/** Blocks of eight output channels whose chunk of integer weights stays in the first-level cache; half of them with phases. */
export const INT16_BLOCKS = 16;

/** Kernels of a stride-2 convolution up to which its expanded weights, 784 bytes each, are worth their memory and time. */
const PHASE_KERNELS = 2048;

/** An odd number of cache lines: the same element of neighbouring positions then falls into different cache sets. */
const oddLines = (bytes: number): number => (Math.ceil(bytes / 64) | 1) * 64;

/**
 * The algorithm with the fewest products on this map; F(6x6) wins unless its larger tiles hang over the edge. Where weights
 * are integers, so that rounding to 16 bits adds little to their error, its products are those of integers.
 */
export function chooseAlgorithm({ kernel, stride, input, output }: ConvShape, integers = false): Algorithm {
  const [inputs, outputs] = [paddedChannels(input.channels), paddedChannels(output.channels)];
  const whole = integers && inputs % INT16.chunk === 0;
  if (kernel !== 3) return whole ? "matrix-int16" : "matrix";
  const cost = (algorithm: Algorithm) => {
    const { products, lanes } = tileOf(algorithm);
    return products * lanes * panelsOf(algorithm, output.height, output.width);
  };
  if (stride === 2) {
    const phases = whole ? "winograd-6-stride-2-int16" : "winograd-6-stride-2";
    return (whole || inputs * outputs <= PHASE_KERNELS) && cost(phases) < cost("matrix") ? phases : "matrix";
  }
  if (cost("winograd-6") > cost("winograd-4")) return "winograd-4";
  return whole ? "winograd-6-int16" : "winograd-6";
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

/** What depends on the type of the products; `buffers` are those of a pass of so many rows. */
type ProductPlan = Pick<ConvPlan, "resident" | "groupBlocks"> & {
  buffers(passRows: number): Pick<ConvPlan, "steps" | "bytes">;
};

/**
 * Weights that fit stay, and passes stay in the cache; else weights are expanded for every pass, and one takes all rows.
 * @param rows output rows that are wanted at once
 */
export function planConv(shape: ConvShape, rows: number, budget: ConvBudget, algorithm: Algorithm): ConvPlan {
  const { side } = tileOf(algorithm);
  const plan = isInteger(algorithm) ? planIntegers : planFloats;
  const { resident, groupBlocks, buffers } = plan(shape, budget, algorithm);
  const fits = (passRows: number) => {
    const { bytes } = buffers(passRows);
    return bytes.v + bytes.m <= budget.cacheBytes;
  };
  let passRows = Math.ceil(rows / side) * side;
  while (resident && passRows > side && !fits(passRows)) passRows -= side;
  return { ...shape, algorithm, passRows, groupBlocks, resident, ...buffers(passRows) };
}

function planFloats(shape: ConvShape, budget: ConvBudget, algorithm: Algorithm): ProductPlan {
  const { positions, rowPositions } = tileOf(algorithm);
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
    const taps = groupBlocks * paddedChannels(shape.input.channels) * 288;
    const u = resident ? positions * steps.u : rowPositions * steps.u + taps;
    return { steps, bytes: { v: positions * steps.v, u, m: positions * steps.m } };
  };
  return { resident, groupBlocks, buffers };
}

function planIntegers(shape: ConvShape, budget: ConvBudget, algorithm: Algorithm): ProductPlan {
  const { positions, rowPositions, lanes } = tileOf(algorithm);
  const blocks = paddedChannels(shape.output.channels) / 8;
  const depth = depthOf(shape, algorithm);
  const chunks = depth / INT16.chunk;
  const resident = isMatrix(algorithm) || positions * blocks * chunks * INT16.blockBytes <= budget.residentBytes;
  const groupBlocks = resident ? blocks : Math.min(blocks, hasPhases(algorithm) ? INT16_BLOCKS / 2 : INT16_BLOCKS);
  const buffers = (passRows: number) => {
    const panels = panelsOf(algorithm, passRows, shape.output.width);
    const steps = {
      v: oddLines(panels * chunks * INT16.panelBytes),
      u: oddLines(groupBlocks * chunks * INT16.blockBytes),
      m: oddLines(groupBlocks * 2 * panels * lanes * 16),
    };
    // Taps of the group lie behind one row of positions: int8, or f32 of a quarter of the depth.
    const u = resident ? positions * steps.u : rowPositions * steps.u + groupBlocks * depth * 72;
    return { steps, bytes: { v: positions * steps.v, u, m: positions * steps.m } };
  };
  return { resident, groupBlocks, buffers };
}
