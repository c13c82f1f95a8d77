/**
 * @module
 * The baselines of `evaluation/`: small networks on a reduced canvas that answer a map and scores. They are not served.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import * as z from "zod";
import type { Canvas } from "../../src/glam/contracts.ts";
import { resizeNearest } from "../../src/glam/resize.ts";
import { measureStandardisation } from "../../src/glam/standardise.ts";
import { readInput, readJsonInput } from "../import/read-input.ts";
import type { Output } from "./measure.ts";
import { bytesOf, type Method } from "./methods.ts";
import type { TestCase } from "./test-case.ts";

const schema = z.strictObject({
  /** Threshold of the model's coarse saliency alone, by the model's name. */
  coarseThresholds: z.record(z.string(), z.number()),
  networks: z.array(
    z.strictObject({
      /** Input `image` [1,1,h,w], standardised; outputs `scores` [1,2] and a map [1,2,h',w'] for each method. */
      file: z.string(),
      height: z.int(),
      width: z.int(),
      /** Name of a method -> its map's output, the threshold chosen on validation phantoms, whether it learned from masks. */
      methods: z.record(
        z.string(),
        z.strictObject({ map: z.string(), threshold: z.number(), withMasks: z.boolean().optional() }),
      ),
    }),
  ),
});

/** What `evaluation/baselines.json` lists. */
export type Baselines = z.infer<typeof schema>;

const folder = fileURLToPath(new URL("../../evaluation/", import.meta.url));

/** The list; empty where there is none. */
export async function readBaselines(): Promise<Baselines> {
  const path = join(folder, "baselines.json");
  if (!existsSync(path)) return { coarseThresholds: {}, networks: [] };
  return schema.parse(await readJsonInput(path, "list of baselines"));
}

/** Writes the list. */
export const writeBaselines = (baselines: Baselines): Promise<void> =>
  writeFile(join(folder, "baselines.json"), `${JSON.stringify(schema.parse(baselines), undefined, 2)}\n`);

/** One method for each network; a network may answer for several names. */
export function openBaselines({ networks }: Baselines): Promise<Method[]> {
  return Promise.all(
    networks.map(async ({ file, height, width, methods }) => {
      const session = await InferenceSession.create(await readInput(join(folder, file), "baseline"), {
        executionProviders: ["wasm"],
      });
      return {
        async run({ canvas }: TestCase) {
          const image = new Tensor("float32", reducedInput(canvas, height, width), [1, 1, height, width]);
          const results = await session.run({ image });
          const [benign, malignant] = results.scores.data as Float32Array;
          return new Map(
            Object.entries(methods).map(([name, { map }]): [string, Output] => {
              const [, , h, w] = results[map].dims;
              const data = Float32Array.from(results[map].data as Float32Array);
              const maps = bytesOf(resizeNearest({ height: h, width: w, data }, canvas));
              return [name, { scores: { benign, malignant }, maps }];
            }),
          );
        },
        release: () => session.release(),
      };
    }),
  );
}

/** The canvas standardised as the model's, then averaged over blocks: `[height, width]`, whole fractions of the canvas. */
function reducedInput(canvas: Canvas, height: number, width: number): Float32Array {
  const { mean, std } = measureStandardisation(canvas);
  const [down, across] = [canvas.height / height, canvas.width / width];
  const out = new Float32Array(height * width);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      out[Math.floor(y / down) * width + Math.floor(x / across)] += canvas.pixels[y * canvas.width + x];
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] / (down * across) - mean) / Math.max(std, 1e-5);
  return out;
}
