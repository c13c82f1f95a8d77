/**
 * @module
 * The event stream of a segmentation: `accepted`, `global`, one `region` each, then `result` or `problem`. The name
 * travels in the SSE field `event`, the rest as JSON in `data`.
 */
import * as z from "zod";
import {
  calibratedScoresSchema,
  classMapsSchema,
  modelReferenceSchema,
  regionSchema,
  scoresSchema,
  segmentationSchema,
  warningSchema,
} from "./answer.ts";
import { boxSchema } from "./geometry.ts";
import { problemSchema } from "./problem.ts";

/** The form is complete and sound; computing begins. */
export const acceptedEventSchema = z.strictObject({
  id: z.uuid(),
  model: modelReferenceSchema,
  tiles: z.int().min(1),
  regions: z.int().min(1).describe("How many regions will be computed."),
  warnings: z.array(warningSchema),
});

/** The global network's result for the whole image. */
export const globalEventSchema = z.strictObject({
  scores: scoresSchema,
  calibratedScores: calibratedScoresSchema.optional().describe("Only of a model that carries a calibration."),
  regions: z.array(z.strictObject({ rank: z.int().min(0), box: boxSchema })),
  saliency: classMapsSchema.describe("The coarse saliency at its own, small size."),
});

/** One region is done; `map` is the local map of its box at the network's own size, absent when it failed. */
export const regionEventSchema = z.strictObject({ region: regionSchema, map: classMapsSchema.optional() });

/** Name and data of one event. */
export const segmentationEventSchema = z
  .discriminatedUnion("event", [
    z.strictObject({ event: z.literal("accepted"), data: acceptedEventSchema }),
    z.strictObject({ event: z.literal("global"), data: globalEventSchema }),
    z.strictObject({ event: z.literal("region"), data: regionEventSchema }),
    z.strictObject({ event: z.literal("result"), data: segmentationSchema }),
    z.strictObject({ event: z.literal("problem"), data: problemSchema }),
  ])
  .meta({ id: "SegmentationEvent", description: "Name and data of one server-sent event." });

export type SegmentationEvent = z.infer<typeof segmentationEventSchema>;
