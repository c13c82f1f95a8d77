/**
 * @module
 * What a segmentation answers, at once or as the last event of a stream.
 */
import * as z from "zod";
import { fusionKindSchema } from "../glam/spec.ts";
import { boxSchema, perClassSchema, sizeSchema, viewSchema } from "./geometry.ts";
import { problemSchema } from "./problem.ts";

/** Which bundle answered. */
export const modelReferenceSchema = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("Hash of the manifest, which holds the hashes of all files."),
  })
  .meta({ id: "ModelReference" });

/** A probability map of one class as a grey PNG. */
export const mapSchema = z
  .strictObject({
    encoding: z.literal("png"),
    bits: z.literal(8).describe("Grey level = round(255 * probability)."),
    height: z.int().min(1),
    width: z.int().min(1),
    data: z.string().describe("The PNG file in base64."),
  })
  .meta({ id: "ProbabilityMap" });

/** One map for each class. */
export const classMapsSchema = z.strictObject({ benign: mapSchema, malignant: mapSchema }).meta({ id: "ClassMaps" });

const rankSchema = z.int().min(0).max(15).describe("0 was chosen first.");

/** A region, complete or failed. */
export const regionSchema = z
  .discriminatedUnion("status", [
    z.strictObject({
      rank: rankSchema,
      box: boxSchema,
      status: z.literal("complete"),
      localMaximum: perClassSchema.describe("Largest value of the region's local map."),
    }),
    z.strictObject({ rank: rankSchema, box: boxSchema, status: z.literal("failed"), problem: problemSchema }),
  ])
  .meta({ id: "Region" });

/** The outline of one connected area. */
export const contourSchema = z
  .strictObject({
    areaPixels: z.int().min(1),
    areaMm2: z.number().nullable().describe("Null without `pixelSpacing` in the request."),
    box: boxSchema,
    rings: z
      .array(z.array(z.tuple([z.int(), z.int()])))
      .describe("Closed rings of [x, y] corners in canvas pixels, the outer one first, then holes, as in GeoJSON."),
  })
  .meta({ id: "Contour" });

/** A warning about an accepted image. */
export const warningSchema = z.strictObject({ code: z.string(), detail: z.string() }).meta({ id: "Warning" });

/** How the fused map was made, on which the meaning of a threshold inside and outside regions depends. */
export const fusionSchema = z.strictObject({ kind: fusionKindSchema, description: z.string() }).meta({ id: "Fusion" });

/** Image-level scores. */
export const scoresSchema = perClassSchema
  .extend({ calibrated: z.literal(false).describe("The scores order images; they are not probabilities of disease.") })
  .meta({ id: "Scores" });

/** Scores by the calibration that the bundle carries. */
export const calibratedScoresSchema = perClassSchema
  .extend({ fittedOn: z.string().describe("The images that the calibration was fitted on, in words.") })
  .meta({
    id: "CalibratedScores",
    description:
      "Shares of images with a lesion of the class among images of such a score, as far as images are like those of `fittedOn`.",
  });

/** The whole answer. */
export const segmentationSchema = z
  .strictObject({
    id: z.uuid(),
    status: z.enum(["complete", "partial"]).describe("`partial` when a region failed; see `failedRegions`."),
    failedRegions: z.array(rankSchema).describe("Ranks of the regions that failed."),
    disclaimer: z.literal("Research use only. Not a medical device."),
    model: modelReferenceSchema,
    view: viewSchema,
    canvas: sizeSchema,
    bits: z.union([z.literal(8), z.literal(16)]).describe("Bits of a pixel in the canvas that was assembled."),
    tiles: z.int().min(1).describe("How many tiles came; the others are background."),
    scores: scoresSchema,
    calibratedScores: calibratedScoresSchema.optional().describe("Only of a model that carries a calibration."),
    regions: z.array(regionSchema),
    fusion: fusionSchema,
    saliency: classMapsSchema.optional().describe("Fused maps at canvas size; with output `maps`."),
    contours: z
      .strictObject({
        threshold: z.number().describe("Each area has a pixel that reaches it."),
        lowThreshold: z.number().describe("Each pixel of an area reaches it."),
        minAreaMm2: z.number().describe("Smaller outlines were left out."),
        minAreaPixels: z.int().describe("The same in canvas pixels."),
        benign: z.array(contourSchema),
        malignant: z.array(contourSchema),
      })
      .optional()
      .describe("Outlines in the fused maps; with output `contours`."),
    warnings: z.array(warningSchema),
  })
  .meta({ id: "Segmentation" });

/** The whole answer. */
export type Segmentation = z.infer<typeof segmentationSchema>;
export type ModelReference = z.infer<typeof modelReferenceSchema>;
export type ProbabilityMap = z.infer<typeof mapSchema>;
export type ClassMapsAnswer = z.infer<typeof classMapsSchema>;
export type RegionAnswer = z.infer<typeof regionSchema>;
export type ContourAnswer = z.infer<typeof contourSchema>;
export type Warning = z.infer<typeof warningSchema>;
