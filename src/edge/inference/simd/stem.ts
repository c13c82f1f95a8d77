/**
 * @module
 * Runs a network's stem: convolution and maximum in strips, straight from the image in JavaScript's memory.
 */
import type { Band, NetworkImage } from "../../../glam/contracts.ts";
import { divisorOf } from "../../../glam/standardise.ts";
import type { StemPlan } from "./plan.ts";
import { type Repeats, segments, slidingRepeats } from "./repeats.ts";
import type { Engine } from "./residual-block.ts";

/** @returns how to write standardised row `y` at `to`, an address */
function rowWriter(
  { kernels, bytes, work }: Engine,
  stem: StemPlan,
  image: NetworkImage,
  floats: Float32Array,
): (y: number, to: number) => void {
  const { width } = stem.image;
  if (image instanceof Float32Array) return (y, to) => floats.set(image.subarray(y * width, (y + 1) * width), to / 4);
  const { pixels, standardisation } = image;
  const raw = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const rowBytes = width * pixels.BYTES_PER_ELEMENT;
  const toFloat = pixels instanceof Uint8Array ? kernels.u8ToFloat : kernels.u16ToFloat;
  const levels = work + stem.regions.offsets.levels;
  const divisor = divisorOf(standardisation);
  return (y, to) => {
    bytes.set(raw.subarray(y * rowBytes, (y + 1) * rowBytes), levels);
    toFloat(levels, width, to);
    kernels.standardise(to, width, standardisation.mean, divisor);
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
  const writeRow = rowWriter(engine, stem, image, floats);
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
      const row = imageAt + (y - imageLow) * stem.imageRowBytes;
      floats.fill(0, row / 4, (row + stem.imageRowBytes) / 4);
      writeRow(y, row + 12);
      background = Math.max(background, backgroundOf(floats, row / 4 + 3, stem.image.width));
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
