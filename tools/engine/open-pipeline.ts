/**
 * @module
 * A bundle's pipeline in this thread: the networks of the Worker, its algorithm, no HTTP.
 */
import type { Canvas } from "../../src/glam/contracts.ts";
import { type SegmentationResult, segment } from "../../src/glam/pipeline.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { segmentCropsWith } from "../onnx/session.ts";
import { toolRuntime } from "./tool-runtime.ts";

/** Open networks; they hold memory until they are released. */
export type Pipeline = {
  /**
   * One run at a time.
   * @param regions how many are looked at closely; the model's own default when not given
   * @throws GlamError `constant-image`, `canvas-mismatch`, `out-of-memory`
   */
  run(canvas: Canvas, regions?: number): Promise<SegmentationResult>;
  release(): Promise<void>;
};

/** Opens both networks of the files that the bundle prefers. @throws GlamError `model-damaged`, `out-of-memory` */
export async function openPipeline({
  manifest: { spec },
  files,
}: Pick<Bundle, "manifest" | "files">): Promise<Pipeline> {
  const globalNetwork = await toolRuntime.globalNetwork(files.global, spec);
  const local = await toolRuntime.localNetwork(files.local, spec);
  const segmentCrop = segmentCropsWith(local);
  return {
    async run(canvas, regions = spec.regions) {
      for await (const event of segment(canvas, { spec, globalNetwork, segmentCrop, regions })) {
        if (event.type === "result") return event;
      }
      throw new TypeError("The pipeline ended before the result.");
    },
    async release() {
      await globalNetwork.release();
      await local.release();
    },
  };
}
