/**
 * @module
 * Answers about the service itself: models and health.
 */
import * as z from "zod";
import { modelReferenceSchema } from "./answer.ts";
import { manifestSchema } from "./manifest.ts";

/** One line of the list of models. */
export const modelSummarySchema = modelReferenceSchema
  .extend({ default: z.boolean().describe("Whether requests without `model` use it.") })
  .meta({ id: "ModelSummary" });

/** All models of this deployment. */
export const modelListSchema = z.strictObject({ models: z.array(modelSummarySchema) }).meta({ id: "ModelList" });

/** One model: its manifest and the manifest's hash. Weights are not served. */
export const modelDetailSchema = z
  .strictObject({ sha256: modelReferenceSchema.shape.sha256, manifest: manifestSchema })
  .meta({ id: "ModelDetail" });

/** The process answers. */
export const liveSchema = z.strictObject({ status: z.literal("live") }).meta({ id: "Live" });

/** Whether this isolate can take a segmentation. */
export const readySchema = z
  .strictObject({
    status: z.enum(["ready", "busy"]),
    models: z.array(z.string()),
    fanout: z.strictObject({
      transport: z.enum(["durable-object", "service-binding", "https", "inline"]),
      targets: z.int().min(1).describe("Shards or base URLs that crops go to."),
    }),
    memory: z.strictObject({
      linearBytes: z
        .int()
        .min(0)
        .describe("WebAssembly memory of this isolate's networks, and weights outside of it; 0 before the first use."),
      limitBytes: z.int().min(0).describe("Cap of that memory."),
      bufferBytes: z.int().min(0).describe("Uploads, canvases, crops and answers that this isolate holds now."),
      peakBytes: z.int().min(0).describe("Most that networks and buffers had together since the isolate started."),
      isolateLimitBytes: z.int().min(0).describe("What networks and buffers may have together."),
    }),
    load: z.strictObject({
      segmentations: z.int().min(0).describe("Running in this isolate."),
      waiting: z.int().min(0),
      cropsServed: z.int().min(0).describe("Crops that this isolate has segmented since it started."),
    }),
  })
  .meta({ id: "Ready" });

export type Ready = z.infer<typeof readySchema>;
export type ModelList = z.infer<typeof modelListSchema>;
export type ModelDetail = z.infer<typeof modelDetailSchema>;
