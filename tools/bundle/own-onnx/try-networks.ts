/**
 * @module
 * Runs both networks of a bundle on canvases as the pipeline does, and checks their outputs.
 */
import type { Canvas } from "../../../src/glam/contracts.ts";
import { cutCrop } from "../../../src/glam/crop.ts";
import { GlamError } from "../../../src/glam/problem.ts";
import { chooseRegions } from "../../../src/glam/regions.ts";
import { fuseSaliency } from "../../../src/glam/saliency.ts";
import type { Spec } from "../../../src/glam/spec.ts";
import { measureStandardisation, standardise } from "../../../src/glam/standardise.ts";
import { toolRuntime } from "../../engine/tool-runtime.ts";
import { localInput } from "../../import/inputs.ts";
import type { Bundle } from "../bundle.ts";

/** Smallest and largest value of one output over all canvases. */
export type Extent = { output: string; low: number; high: number };

/** Float sums in a Softmax may end a little above 1. */
const tolerance = 1e-5;

/** Keeps the extent of each output and refuses what is not a probability. */
class Extents {
  readonly all = new Map<string, Extent>();

  add(output: string, values: Float32Array): void {
    const { low, high } = this.all.get(output) ?? { low: Infinity, high: -Infinity };
    const extent = { output, low, high };
    for (const value of values) {
      if (!Number.isFinite(value)) {
        throw new GlamError("checkpoint-mismatch", `The output ${output} has values that are no numbers.`);
      }
      if (value < extent.low) extent.low = value;
      if (value > extent.high) extent.high = value;
    }
    if (extent.low < -tolerance || extent.high > 1 + tolerance) {
      const found = `from ${extent.low.toPrecision(3)} to ${extent.high.toPrecision(3)}`;
      const detail = `The output ${output} has values ${found}; it must be a probability. Let the graph end with a Sigmoid.`;
      throw new GlamError("checkpoint-mismatch", detail, { at: output });
    }
    this.all.set(output, extent);
  }
}

/** Opens or runs, and explains a failure with the runtime's message. */
async function orExplain<T>(which: string, step: "opened" | "run", work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GlamError)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    const detail = `The ${which} network cannot be ${step}: ${reason}`;
    throw new GlamError("checkpoint-mismatch", detail, { at: which, cause: error });
  }
}

/**
 * @param canvases preprocessed views
 * @returns the extent of each output
 * @throws {GlamError} checkpoint-mismatch when a network cannot be opened or run, or an output is not a probability
 */
export async function tryNetworks(files: Bundle["files"], spec: Spec, canvases: Iterable<Canvas>): Promise<Extent[]> {
  const global = await orExplain("global", "opened", () => toolRuntime.globalNetwork(files.global, spec));
  const local = await orExplain("local", "opened", () => toolRuntime.localNetwork(files.local, spec));
  const extents = new Extents();
  const perClass = (output: string, values: Float32Array) =>
    spec.classes.forEach((name, c) => {
      const size = values.length / 2;
      extents.add(`${output} ${name}`, values.subarray(c * size, (c + 1) * size));
    });
  try {
    for (const canvas of canvases) {
      const standardisation = measureStandardisation(canvas);
      const maps = await orExplain("global", "run", () => global.run(standardise(canvas.pixels, standardisation)));
      for (const [i, map] of maps.entries()) perClass(`s${i + 1}`, map);
      const { regions } = chooseRegions(fuseSaliency(maps, spec), spec, spec.regions);
      for (const region of regions) {
        const crop = localInput(cutCrop(canvas, region, standardisation));
        perClass("map", await orExplain("local", "run", () => local.run(crop)));
      }
    }
  } finally {
    await global.release();
    await local.release();
  }
  return [...extents.all.values()];
}
