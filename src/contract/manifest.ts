/**
 * @module
 * `models/<name>/model.json`: what a bundle holds and where it comes from. One schema version.
 */
import * as z from "zod";
import { looksSchema } from "../glam/looks/unlike-training.ts";
import { scoreCalibrationSchema } from "../glam/score-calibration.ts";
import { specSchema } from "../glam/spec.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const fileSchema = z.strictObject({
  path: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
    .describe("File name inside the bundle's folder."),
  bytes: z.int().positive(),
  sha256,
});

/** What runs a network: onnxruntime-web, or the SIMD engine of this repository. */
const runtimeSchema = z.enum(["ort", "simd"]);

const networkFileSchema = z.strictObject({ runtime: runtimeSchema, file: fileSchema });

/** The preferred file, and the same network for the other runtime where the bundle has it. */
const networkSchema = networkFileSchema
  .extend({ alternatives: z.array(networkFileSchema).max(1).optional() })
  .refine(({ runtime, alternatives = [] }) => alternatives.every((other) => other.runtime !== runtime), {
    message: "there are two files for one runtime",
    path: ["alternatives"],
  });

/**
 * At a threshold: the share of malignant lesions that an outline has its largest value in, and other outlines an image. From few to
 * many.
 */
const operatingPointsSchema = z.strictObject({
  measuredOn: z.string().describe("In plain words."),
  malignant: z.array(
    z.strictObject({
      threshold: z.number().gt(0).max(1),
      sensitivity: z.number().min(0).max(1),
      falseMarks: z.number().min(0),
    }),
  ),
});
export type OperatingPoints = z.infer<typeof operatingPointsSchema>;

const adaptationSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  global: sha256.describe("Of the original's preferred file of the global network."),
  images: z.int().positive().describe("How many of the site's images."),
  phantoms: z.int().positive().describe("Phantoms on which both were compared."),
  before: z.record(z.string(), z.number()).describe("Figures of the original on them, such as `auc.malignant`."),
  after: z.record(z.string(), z.number()).describe("The same of this model."),
});

export const manifestSchema = z.strictObject({
  schema: z.literal(1).describe("Version of this format."),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  spec: specSchema,
  threshold: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe(
      "What the fused map must reach to be outlined when the request does not say; chosen on validation images.",
    ),
  hysteresis: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe(
      "Around what reaches the threshold, an outline holds all that reaches this share of it; chosen on validation images.",
    ),
  minAreaMm2: z
    .number()
    .min(0)
    .default(0)
    .describe("Outlines of a smaller area are left out when the request does not say; chosen on validation images."),
  operatingPoints: operatingPointsSchema
    .optional()
    .describe(
      "Share of malignant lesions with an outline, and false outlines an image, at several thresholds: `glam evaluate --operating-points --record`.",
    ),
  scoreCalibration: scoreCalibrationSchema
    .optional()
    .describe("Of the image-level scores, as `glam evaluate --calibrate --record` fitted it, for these networks only."),
  looks: looksSchema
    .optional()
    .describe(
      "What training images look like, as `glam films looks` fitted it; images far from it get the warning `unlike-training`.",
    ),
  networks: z.strictObject({
    global: networkSchema.describe(
      "`ort`: ONNX, input `image` [1,1,H,W] f32 standardised; outputs `s1`, `s2`, `s3` [1,2,h,w] f32 probability. `simd`: a weights file of the SIMD engine, which makes the same maps of the same input.",
    ),
    local: networkSchema.describe(
      "`ort`: ONNX, input `crop` [1,1,side,side] f32 standardised; output `map` [1,2,side',side'] f32 probability.",
    ),
  }),
  norms: fileSchema
    .optional()
    .describe(
      "What the global network's batch norms were made of, for `glam adapt`; nothing that runs a model reads it.",
    ),
  quantisation: z.strictObject({
    kind: z
      .enum(["none", "static-uint8", "weights-int8"])
      .describe("How weights and activations are stored: `none` is f32; with `weights-int8` activations are f32."),
    calibrationImages: z.int().min(0),
    error: z
      .record(z.string(), z.number())
      .optional()
      .describe("Error against f32 on held-out images, as `glam import` printed it."),
  }),
  provenance: z.strictObject({
    trainedOn: z.string(),
    licence: z.string(),
    intendedUse: z.string(),
    knownFailures: z.array(z.string()).optional().describe("Where the model is known to fail, one sentence each."),
    quality: z
      .record(z.string(), z.number())
      .optional()
      .describe(
        "Figures of `glam evaluate --record`, such as `phantoms.dice.benign`, with `.low` and `.high` of 95 %.",
      ),
    adaptedFrom: adaptationSchema
      .optional()
      .describe("The model whose batch-norm statistics `glam adapt` replaced by those of a site's images."),
  }),
});

/** `ort` or `simd`. */
export type RuntimeName = z.infer<typeof runtimeSchema>;
/** One file of a network and what runs it. */
export type NetworkFile = z.infer<typeof networkFileSchema>;
/** All that a manifest says of one network. */
export type NetworkEntry = z.infer<typeof networkSchema>;

/** The validated manifest of a bundle. */
export type Manifest = z.infer<typeof manifestSchema>;

/** `index.json` of a folder of bundles: the names of those that are served, the default one first. */
export const modelIndexSchema = z.array(manifestSchema.shape.name).max(100);
