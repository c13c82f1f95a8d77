/**
 * @module
 * The part `request` of a segmentation form.
 */
import * as z from "zod";
import { sizeSchema, viewSchema } from "./geometry.ts";

/** Name of a model bundle. */
export const modelNameSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);

/** What an answer may carry besides scores and regions. */
export const outputSchema = z.enum(["maps", "contours"]);

/** JSON of the part `request`. Unknown fields are refused, so that a misspelt one never goes unnoticed. */
export const segmentationRequestSchema = z
  .strictObject({
    view: viewSchema.describe(
      "View of the image. Every breast points to the right: right views are mirrored by the client.",
    ),
    canvas: sizeSchema.optional().describe("Size of the preprocessed image; must be the model's. Needed with tiles."),
    tile: sizeSchema.optional().describe("Size of a full tile. Needed with tiles."),
    model: modelNameSchema.optional().describe("Name of the model; the deployment's default one otherwise."),
    regions: z
      .int()
      .min(1)
      .max(16)
      .optional()
      .describe("How many regions to look at closely; the model's own default."),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("Areas with a pixel at or above it are outlined; the model's own threshold otherwise."),
    minAreaMm2: z
      .number()
      .min(0)
      .max(10_000)
      .optional()
      .describe(
        "Smaller outlines are left out; the model's own smallest area otherwise. Without pixelSpacing a pixel is as large as the model's.",
      ),
    pixelSpacing: z
      .number()
      .min(0.001)
      .max(10)
      .optional()
      .describe("Millimetres from one canvas pixel to the next. Without it areas in mm2 are null."),
    outputs: z
      .array(outputSchema)
      .refine((outputs) => new Set(outputs).size === outputs.length, "an output is named twice")
      .default(["maps", "contours"])
      .describe("What to send besides scores and regions."),
  })
  .meta({ id: "SegmentationRequest" });

/** The validated request, defaults filled in. */
export type SegmentationRequest = z.output<typeof segmentationRequestSchema>;

/** What a client writes. */
export type SegmentationRequestInput = z.input<typeof segmentationRequestSchema>;
