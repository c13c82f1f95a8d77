/**
 * @module
 * One network of the engine: a plan, an arena of exactly its size, and the order of its layers.
 */
import { GlamError } from "../../glam/problem.ts";
import { createArena, instantiateKernels } from "./kernels.ts";
import { type NetworkShape, tensorLengths } from "./network-shape.ts";
import { type NetworkPlan, type PlanOptions, planNetwork } from "./plan.ts";
import { type Engine, runBlock } from "./residual-block.ts";
import { runStem } from "./stem.ts";
import { runTap } from "./tap.ts";
import { checkTensors, weightSource } from "./weight-source.ts";
import { readWeightsFile } from "./weights-file.ts";

/** Class logits of a tap, `[classes, height, width]`. */
export type Logits = { height: number; width: number; data: Float32Array };

/** A network in its arena. */
export type SimdNetwork = {
  plan: NetworkPlan;
  /** @param image `[height, width]` f32, standardised; returns the taps' logits in order */
  run(image: Float32Array): Logits[];
};

function createMemory(bytes: number): WebAssembly.Memory {
  try {
    return createArena(bytes);
  } catch (cause) {
    throw new GlamError("out-of-memory", `The engine's arena of ${bytes} bytes cannot be had.`, { cause });
  }
}

/**
 * @param file bytes of the weights file; kept, since weights are read from it while the network runs
 * @throws {GlamError} model-damaged, out-of-memory
 */
export function createNetwork(
  module: WebAssembly.Module,
  file: Uint8Array,
  shape: NetworkShape,
  options: PlanOptions = {},
): SimdNetwork {
  const packed = readWeightsFile(file);
  if (packed.network !== shape.kind) {
    throw new GlamError("model-damaged", `The weights file is of the ${packed.network} network.`);
  }
  checkTensors(packed, tensorLengths(shape));
  const plan = planNetwork(shape, options);
  const memory = createMemory(plan.bytes);
  const kernels = instantiateKernels(module, memory);
  const floats = new Float32Array(memory.buffer);
  const weights = weightSource(packed, memory, kernels, plan.scratch);
  const engine: Engine = { kernels, weights, bytes: new Uint8Array(memory.buffer), zero: plan.zero, work: plan.work };
  return {
    plan,
    run(image) {
      if (image.length !== shape.stem.image.height * shape.stem.image.width) {
        throw new GlamError("internal-error", `The engine was given ${image.length} pixels.`);
      }
      runStem(engine, plan.stem, image, floats, plan.maps[0]);
      const logits: Logits[] = [];
      plan.blocks.forEach((block, i) => {
        runBlock(engine, block, plan.maps[i], plan.maps[i + 1]);
        for (const tap of plan.taps.filter((one) => one.block === i)) {
          const { height, width } = tap.input;
          logits.push({ height, width, data: runTap(engine, tap, shape.classes, floats, plan.maps[i + 1]) });
        }
      });
      return logits;
    },
  };
}
