/**
 * @module
 * Chooses which convolutions must stay float32 so that quantisation does not move the network's answers too far.
 */
import { emitOnnx } from "../onnx/emit.ts";
import type { Network } from "../onnx/network.ts";
import type { Quantisation } from "../onnx/quantisation.ts";
import { type Calibration, quantise } from "../onnx/quantise.ts";
import { openModel } from "../onnx/session.ts";
import { ErrorDistribution } from "./error-distribution.ts";

/** The choice, and its error on the images it was chosen with. */
export type PrecisionChoice = {
  quantisation: Quantisation;
  /** Convolutions that stay float32 although they are wide, most sensitive first. */
  kept: string[];
  /** Largest absolute error of the outputs. */
  error: number;
};

type Answers = Map<string, Float32Array>[];

async function answers(model: Uint8Array, network: Network, images: readonly Float32Array[]): Promise<Answers> {
  const { channels, height, width } = network.input;
  const open = await openModel(model, [1, channels, height, width]);
  const result: Answers = [];
  for (const image of images) result.push(await open.run(image));
  await open.release();
  return result;
}

/** The maximum, because a lesion is a few cells of thousands, which a percentile would miss. */
function largestError(reference: Answers, found: Answers): number {
  const distribution = new ErrorDistribution();
  reference.forEach((outputs, i) => {
    for (const [name, values] of outputs) distribution.add(values, found[i].get(name) ?? new Float32Array());
  });
  return distribution.maximum;
}

/**
 * Quantises everything; while the largest error of the outputs is above `target`, the convolution that alone
 * causes the largest error goes back to float32.
 * @param images inputs to judge with; a few are enough
 */
export async function choosePrecision(
  network: Network,
  calibration: Calibration,
  images: readonly Float32Array[],
  target: number,
): Promise<PrecisionChoice> {
  const reference = await answers(emitOnnx(network), network, images);
  const names = calibration.convolutions.map(({ output }) => output);
  const measure = async (keep: ReadonlySet<string>) => {
    const quantisation = quantise(calibration, keep);
    const found = await answers(emitOnnx(network, { quantisation }), network, images);
    return { quantisation, error: largestError(reference, found) };
  };
  let current = await measure(new Set());
  const kept: string[] = [];
  if (current.error > target) {
    const sensitivity = new Map<string, number>();
    for (const name of names) {
      const others = new Set(names.filter((other) => other !== name));
      sensitivity.set(name, (await measure(others)).error);
    }
    const ranked = names.toSorted((a, b) => (sensitivity.get(b) ?? 0) - (sensitivity.get(a) ?? 0));
    while (current.error > target && kept.length < names.length) {
      kept.push(ranked[kept.length]);
      current = await measure(new Set(kept));
    }
  }
  return { ...current, kept };
}
