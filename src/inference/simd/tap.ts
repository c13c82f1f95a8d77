/**
 * @module
 * Runs a tap: batch norm and ReLU where the network has them there, and the 1x1 convolution to class logits.
 */
import type { Band } from "../../glam/contracts.ts";
import type { TapPlan } from "./plan.ts";
import type { Engine } from "./residual-block.ts";

/**
 * @param input address of the map's row 0
 * @param band rows that are wanted
 * @returns logits, Float32Array `[classes, rows, width]`, a copy
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
  const classBytes = (end - first) * width * 4;
  for (let y = first; y < end; y++) {
    let row = input + y * rowBytes;
    if (tap.normalisation) {
      kernels.scaleBiasRelu(row, work + at.row, rowBytes, planeBytes, planes, 1, width, work + at.affine);
      row = work + at.row;
    }
    const out = work + at.logits + (y - first) * width * 4;
    kernels.classLogits(row, planeBytes, planes, width, work + at.weights, classes, out, classBytes);
  }
  const from = (work + at.logits) / 4;
  return floats.slice(from, from + classes * (end - first) * width);
}
