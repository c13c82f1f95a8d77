/**
 * @module
 * Runs a network's stem: convolution and maximum in strips, straight from the image in JavaScript's memory.
 */
import type { Band, NetworkImage } from "../../glam/contracts.ts";
import { standardisedLevels } from "../../glam/standardise.ts";
import type { StemPlan } from "./plan.ts";
import { type Repeats, segments, slidingRepeats } from "./repeats.ts";
import type { Engine } from "./residual-block.ts";

/** @returns how to write standardised row `y` at `to`, an index of the arena */
function rowWriter(image: NetworkImage, width: number, floats: Float32Array): (y: number, to: number) => void {
  if (image instanceof Float32Array) return (y, to) => floats.set(image.subarray(y * width, (y + 1) * width), to);
  const { pixels } = image;
  const levels = standardisedLevels(image);
  return (y, to) => {
    for (let x = 0, from = y * width; x < width; x++) floats[to + x] = levels[pixels[from + x]];
  };
}

/**
 * @param image `[height, width]`
 * @param floats the arena
 * @param output address of the output's row 0
 * @param band output rows that are wanted
 * @param repeats is told which columns of the output repeat; without it everything is computed
 */
export function runStem(
  engine: Engine,
  stem: StemPlan,
  image: NetworkImage,
  floats: Float32Array,
  output: number,
  [from, to]: Band,
  repeats?: Repeats,
): void {
  const { kernels, weights, work } = engine;
  const at = stem.regions.offsets;
  const { conv, pad } = stem;
  const target = stem.output;
  const writeRow = rowWriter(image, stem.image.width, floats);
  weights.expand(`${stem.name}.weight`, 0, conv.planes * 4 * 49, work + at.weights);
  weights.copy(`${stem.name}.affine`, work + at.affine);
  for (let top = from; top < to; top += stem.strip) {
    const rows = Math.min(stem.strip, to - top);
    const convLow = Math.max(0, top * 2 - pad);
    const convHigh = Math.min(conv.height, (top + rows - 1) * 2 - pad + 3);
    const imageLow = Math.max(0, convLow * 2 - 3);
    const imageHigh = Math.min(stem.image.height, (convHigh - 1) * 2 + 4);
    const imageAt = work + at.image;
    const convAt = work + at.conv;
    let background = 0;
    for (let y = imageLow; y < imageHigh; y++) {
      const row = (imageAt + (y - imageLow) * stem.imageRowBytes) / 4;
      floats.fill(0, row, row + stem.imageRowBytes / 4);
      writeRow(y, row + 3);
      background = Math.max(background, backgroundOf(floats, row + 3, stem.image.width));
    }
    const columns = slidingRepeats([background, stem.image.width], { kernel: 7, stride: 2, pad: 3 });
    const computed = segments(repeats ? columns : [0, 0], conv.width);
    for (const [left, right] of computed) {
      kernels.conv7x7(
        ...([imageAt - imageLow * stem.imageRowBytes + left * 8, stem.imageRowBytes, imageLow, imageHigh] as const),
        ...([convLow, engine.zero, work + at.weights, conv.planes / 2, work + at.affine, convAt + left * 16] as const),
        ...([conv.rowBytes, conv.planeBytes, convHigh - convLow, right - left, stem.relu] as const),
      );
    }
    const [, [resume] = [conv.width]] = computed;
    const lines = (convHigh - convLow) * conv.planes;
    kernels.repeatColumns(convAt, lines, conv.planeBytes, computed[0][1], resume);
    repeats?.set(top, top + rows, slidingRepeats(columns, { kernel: 3, stride: 2, pad }));
    const row = output + top * target.rowBytes;
    kernels.maxPool(
      ...([convAt - convLow * conv.rowBytes, conv.rowBytes, conv.planeBytes, conv.height, conv.width, pad] as const),
      ...([conv.planes, row, target.rowBytes, target.planeBytes, top, rows, target.width] as const),
    );
    kernels.clearMargins(row, rows * target.planes, target.stride, target.width);
  }
}

/** First column from which a row is constant to its end. */
function backgroundOf(floats: Float32Array, row: number, width: number): number {
  const value = floats[row + width - 1];
  let x = width - 1;
  while (x > 0 && floats[row + x - 1] === value) x--;
  return x;
}
