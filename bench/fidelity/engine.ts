/**
 * @module
 * A bundle through the product's own pipeline, in Node.
 */
import type { Canvas, Crop } from "../../src/glam/contracts.ts";
import { cutCrop } from "../../src/glam/crop.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { segment } from "../../src/glam/pipeline.ts";
import { measureStandardisation } from "../../src/glam/standardise.ts";
import { type Bundle, readBundle } from "../../tools/bundle/bundle.ts";
import { toolRuntime } from "../../tools/engine/tool-runtime.ts";
import { segmentCropsWith } from "../../tools/onnx/session.ts";
import type { Answer, Corner } from "./answer.ts";

/** An open bundle. */
export type EnginePipeline = {
  bundle: Bundle;
  /** @param regions K */
  run(canvas: Canvas, regions: number): Promise<Answer>;
  /** The local map of a crop that the pipeline need not have chosen. */
  localMap(canvas: Canvas, corner: Corner): Promise<Float32Array>;
  release(): Promise<void>;
};

/** @param folder the one with `model.json` */
export async function openEngine(folder: string): Promise<EnginePipeline> {
  const bundle = await readBundle(folder);
  const { spec } = bundle.manifest;
  const globalNetwork = await toolRuntime.globalNetwork(bundle.files.global, spec);
  const localNetwork = await toolRuntime.localNetwork(bundle.files.local, spec);
  const segmentCrop = segmentCropsWith(localNetwork);
  const { signal } = new AbortController();
  return {
    bundle,
    async run(canvas, regions) {
      for await (const event of segment(canvas, { spec, globalNetwork, segmentCrop, regions })) {
        if (event.type !== "result") continue;
        const local = event.outcomes.map((outcome) => {
          if (outcome.status === "failed") throw outcome.problem;
          return outcome.data;
        });
        const corners = event.regions.map(({ box: { top, left } }) => ({ top, left }));
        const { scores, saliency, fused } = event;
        return { scores, saliency: saliency.data, regions: corners, local, fused: wholeMap(fused).data };
      }
      throw new Error("the pipeline ended without a result");
    },
    localMap(canvas, corner) {
      const box = { ...corner, height: spec.crop, width: spec.crop };
      const crop: Crop = cutCrop(canvas, { rank: 0, box }, measureStandardisation(canvas));
      return segmentCrop(crop, signal);
    },
    async release() {
      await globalNetwork.release();
      await localNetwork.release();
    },
  };
}
