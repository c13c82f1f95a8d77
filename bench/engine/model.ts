/**
 * @module
 * The networks that the engine's benchmark runs: the layout of a spec with seeded random weights. Time does not depend on
 * the weights, as long as nothing overflows or becomes denormal.
 */

import { writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { measureStandardisation, standardise } from "../../src/glam/standardise.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { expectedLayout } from "../../tools/checkpoint/layout.ts";
import type { Checkpoint } from "../../tools/checkpoint/read-checkpoint.ts";
import { packWeights } from "../../tools/engine/pack-weights.ts";
import { emitOnnx } from "../../tools/onnx/emit.ts";
import { globalNetwork } from "../../tools/onnx/global-network.ts";
import { localNetwork } from "../../tools/onnx/local-network.ts";
import { countMacs, type Network } from "../../tools/onnx/network.ts";
import { calibrate, quantise } from "../../tools/onnx/quantise.ts";

/** Which network is measured. */
export type Which = "global" | "local";

/** One network and its files for every runtime. */
export type BenchModel = {
  which: Which;
  spec: Spec;
  /** Values of the input, standardised. */
  input: Float32Array;
  /** Height and width of the input. */
  size: [number, number];
  gmac: number;
  onnx: Uint8Array;
  weights: Uint8Array;
  /** uint8 activations and int8 weights; made only when asked, since it runs the network to calibrate. */
  quantised(): Promise<Uint8Array>;
};

/** Weights with half of the variance of He's initialisation, so that sums of residual branches stay small; batch norms do nothing. */
function randomCheckpoint(spec: Spec): Checkpoint {
  const checkpoint: Checkpoint = new Map();
  for (const [name, shape] of expectedLayout(spec)) {
    const length = shape.reduce((product, size) => product * size, 1);
    const random = createRandom(1, name);
    const deviation = Math.sqrt(1 / (length / shape[0]));
    const value = () => {
      if (shape.length === 4) return random.normal() * deviation;
      return /(\.weight|running_var)$/.test(name) ? 1 : 0;
    };
    checkpoint.set(name, { shape, data: Float32Array.from({ length }, value) });
  }
  return checkpoint;
}

/** A phantom, standardised: a mammogram is half background, which the engine does not compute and others do. */
function mammogram(height: number, width: number): Float32Array {
  const canvas = generatePhantom({ seed: 2, height, width, bits: 12, view: "L-MLO", lesions: 1 });
  return standardise(canvas.pixels, measureStandardisation(canvas));
}

/** A smaller input for the same weights: ranges of activations hardly depend on the size. */
const calibrationSpec = (spec: Spec): Spec => ({ ...spec, crop: Math.min(spec.crop, 96) });

/** @param which the global network is calibrated on its whole canvas, the local one on a small crop */
export function benchModel(spec: Spec, which: Which): BenchModel {
  const checkpoint = randomCheckpoint(spec);
  const build = (of: Spec): Network =>
    which === "global" ? globalNetwork(checkpoint, of) : localNetwork(checkpoint, of);
  const network = build(spec);
  const { height, width } = network.input;
  const random = createRandom(2, "input");
  const noise = (length: number) => Float32Array.from({ length }, () => random.normal());
  const gmac = [...countMacs(network).values()].reduce((sum, macs) => sum + macs, 0) / 1e9;
  return {
    which,
    spec,
    input: which === "global" ? mammogram(height, width) : noise(height * width),
    size: [height, width],
    gmac,
    onnx: emitOnnx(network),
    weights: writeWeightsFile(packWeights(which, network, "int8")),
    async quantised() {
      const small = build(calibrationSpec(spec));
      const calibration = await calibrate(small, [noise(small.input.height * small.input.width)]);
      return emitOnnx(network, { quantisation: quantise(calibration) });
    },
  };
}
