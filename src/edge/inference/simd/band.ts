/**
 * @module
 * Bands: the rows of a network's last map that one invocation computes, with exactly the rows of every earlier map that they
 * depend on. Only the first maps need many rows more, and they have few channels, so bands share little work.
 */
import type { Band } from "../../../glam/contracts.ts";
import type { BlockShape, NetworkShape } from "./network-shape.ts";

/** Rows of the inner map that output rows depend on: a 3x3 convolution reads one more on either side. */
export const innerRows = ({ output }: BlockShape, [from, to]: Band): Band => [
  Math.max(0, from - 1),
  Math.min(output.height, to + 1),
];

/** Rows of a block's input that output rows depend on. */
export function inputRows(block: BlockShape, band: Band): Band {
  const [from, to] = innerRows(block, band);
  return [Math.max(0, block.stride * from - 1), Math.min(block.input.height, block.stride * (to - 1) + 2)];
}

/** @returns rows of the stem's output, then of each block's, that `band` of the last map depends on */
export function bandRows({ blocks }: NetworkShape, band: Band): Band[] {
  const rows = [band];
  for (const block of blocks.toReversed()) rows.push(inputRows(block, rows[rows.length - 1]));
  return rows.reverse();
}

/** Multiplications of the residual blocks for one band, direct-equivalent; the stem is small beside them. */
export function bandMacs(shape: NetworkShape, band: Band): number {
  const rows = bandRows(shape, band);
  return shape.blocks.reduce((sum, block, i) => {
    const [from, to] = rows[i + 1];
    const [innerFrom, innerTo] = innerRows(block, [from, to]);
    const { input, output } = block;
    const inner = (innerTo - innerFrom) * 9 * input.channels;
    const outer = (to - from) * (9 * output.channels + (block.projection ? input.channels : 0));
    return sum + output.width * output.channels * (inner + outer);
  }, 0);
}

/**
 * Cuts the last map's rows into bands that take equally long. Bands in the middle depend on rows above and below, so they
 * are lower than those at the edges.
 * @param count how many; fewer when the map has not enough rows
 * @example cutBands(localShape(spec), 2) // [[0, 64], [64, 128]]
 */
export function cutBands(shape: NetworkShape, count: number): Band[] {
  const height = shape.blocks[shape.blocks.length - 1].output.height;
  const wanted = Math.max(1, Math.min(count, height));
  // The least time in which `wanted` bands can do it, by bisection.
  let [low, high] = [0, bandMacs(shape, [0, height])];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (fill(shape, height, middle).length <= wanted) high = middle;
    else low = middle;
  }
  return fill(shape, height, high);
}

/** Bands from the top, each as high as `macs` allow, at least one row. */
function fill(shape: NetworkShape, height: number, macs: number): Band[] {
  const bands: Band[] = [];
  for (let from = 0; from < height; ) {
    let to = from + 1;
    while (to < height && bandMacs(shape, [from, to + 1]) <= macs) to++;
    bands.push([from, to]);
    from = to;
  }
  return bands;
}
