/**
 * @module
 * Runs a tap: batch norm and ReLU where the network has them there, the 1x1 convolution to class logits, and what becomes of
 * these while they lie in the arena: probabilities, in the size that is wanted.
 */
import type { Band } from "../../../glam/contracts.ts";
import type { TapPlan } from "./plan.ts";
import type { Engine } from "./residual-block.ts";

/** The logistic function, in place. */
function sigmoid(data: Float32Array): void {
  for (let i = 0; i < data.length; i++) data[i] = 1 / (1 + Math.exp(-data[i]));
}

/**
 * @param input address of the map's row 0
 * @param band rows that are wanted; all of them where the map is resized
 * @returns probabilities, Float32Array `[classes, rows, width]` or `[classes, resized.height, resized.width]`, a copy
 */
export function runTap(
  engine: Engine,
  tap: TapPlan,
  classes: number,
  floats: Float32Array,
  input: number,
  [first, end]: Band,
): Float32Array {
  const { kernels, weights, work } = engine;
  const { width, rowBytes, planeBytes, planes } = tap.input;
  const at = tap.regions.offsets;
  weights.copy(`${tap.name}.classes`, work + at.weights);
  if (tap.normalisation) weights.copy(`${tap.normalisation}.affine`, work + at.affine);
  const rows = end - first;
  const classBytes = rows * width * 4;
  const map = work + at.map;
  for (let y = first; y < end; y++) {
    let row = input + y * rowBytes;
    if (tap.normalisation) {
      kernels.scaleBiasRelu(row, work + at.row, rowBytes, planeBytes, planes, 1, width, work + at.affine);
      row = work + at.row;
    }
    const out = map + (y - first) * width * 4;
    kernels.classLogits(row, planeBytes, planes, width, work + at.weights, classes, out, classBytes);
  }
  const found = floats.subarray(map / 4, (map + classes * classBytes) / 4);
  sigmoid(found);
  if (!tap.resized) return found.slice();
  const { height: outHeight, width: outWidth } = tap.resized;
  const resized = work + at.resized;
  kernels.resizeNearest(map, classes, rows, width, resized, outHeight, outWidth);
  return floats.slice(resized / 4, resized / 4 + classes * outHeight * outWidth);
}
