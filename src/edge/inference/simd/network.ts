/**
 * @module
 * One network of the engine: a plan, its weights, and the order of its layers.
 */
import type { Band, NetworkImage } from "../../../glam/contracts.ts";
import { GlamError } from "../../../glam/problem.ts";
import { imageLength } from "../../../glam/standardise.ts";
import type { Arena } from "./arena.ts";
import { bandRows } from "./band.ts";
import { type ConvShape, chooseAlgorithm } from "./conv-shape.ts";
import { type NetworkShape, tensorLengths } from "./network-shape.ts";
import { type NetworkPlan, type PlanOptions, planNetwork } from "./plan.ts";
import { Repeats } from "./repeats.ts";
import { type Engine, runBlock } from "./residual-block.ts";
import { runStem } from "./stem.ts";
import { runTap } from "./tap.ts";
import { checkTensors, weightSource } from "./weight-source.ts";
import { type PackedWeights, readWeightsFile } from "./weights-file.ts";

/** A network that runs in an arena. */
export type SimdNetwork = {
  plan: NetworkPlan;
  /**
   * @param image `[height, width]`; of raw pixels no more than a strip of rows is standardised at once
   * @param band rows of the last map that are wanted, of a network whose only tap is there
   * @returns the taps' probabilities in order, each `[classes, height, width]`; `height` are the rows that were asked for
   * @throws GlamError out-of-memory, internal-error
   */
  run(image: NetworkImage, band?: Band): Float32Array[];
};

/** Views of the arena as it is now. */
function openEngine(arena: Arena, plan: NetworkPlan, packed: PackedWeights): { engine: Engine; floats: Float32Array } {
  arena.reserve(plan.bytes);
  const { memory, kernels } = arena;
  const bytes = new Uint8Array(memory.buffer);
  // The arena may hold what another network left there.
  bytes.fill(0, plan.zero, plan.zero + plan.zeroBytes);
  const weights = weightSource(packed, memory, kernels, plan.scratch);
  return {
    engine: { kernels, weights, bytes, zero: plan.zero, work: plan.work },
    floats: new Float32Array(memory.buffer),
  };
}

/** The plan for these weights: no larger than the one that `planNetwork` makes without knowing them. */
export function planWithWeights(
  shape: NetworkShape,
  { tensors }: PackedWeights,
  options: PlanOptions = {},
): NetworkPlan {
  const hasIntegers = ({ name }: ConvShape) => !(tensors.get(`${name}.weight`) instanceof Float32Array);
  return planNetwork(shape, { algorithm: (conv) => chooseAlgorithm(conv, hasIntegers(conv)), ...options });
}

/**
 * @param file bytes of the weights file; kept, since weights are read from it while the network runs
 * @throws GlamError model-damaged
 */
export function createNetwork(
  arena: Arena,
  file: Uint8Array,
  shape: NetworkShape,
  options: PlanOptions = {},
): SimdNetwork {
  const packed = readWeightsFile(file);
  if (packed.network !== shape.kind) {
    throw new GlamError("model-damaged", `The weights file is of the ${packed.network} network.`);
  }
  checkTensors(packed, tensorLengths(shape));
  const plan = planWithWeights(shape, packed, options);
  const { height } = plan.blocks[plan.blocks.length - 1].output;
  return {
    plan,
    run(image, band = [0, height]) {
      if (imageLength(image) !== shape.stem.image.height * shape.stem.image.width) {
        throw new GlamError("internal-error", `The engine was given ${imageLength(image)} pixels.`);
      }
      if (!(band[0] >= 0 && band[0] < band[1] && band[1] <= height)) {
        throw new GlamError("internal-error", "The engine was asked for rows that its map does not have.");
      }
      const { engine, floats } = openEngine(arena, plan, packed);
      const rows = bandRows(shape, band);
      let repeats = options.everything ? undefined : new Repeats(plan.stem.output.height);
      runStem(engine, plan.stem, image, floats, plan.maps[0], rows[0], repeats);
      const maps: Float32Array[] = [];
      plan.blocks.forEach((block, i) => {
        const [from, to] = rows[i + 1];
        repeats = runBlock(engine, block, plan.maps[i], plan.maps[i + 1], [from, to], repeats);
        for (const tap of plan.taps.filter((one) => one.block === i)) {
          maps.push(runTap(engine, tap, shape.classes, floats, plan.maps[i + 1], [from, to]));
        }
      });
      return maps;
    },
  };
}
