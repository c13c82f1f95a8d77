/**
 * @module
 * The spec: every number that tells one GLAM from another. Nothing else in the code knows a canvas, crop or map size.
 */
import * as z from "zod";

const size = z.strictObject({ height: z.int().min(1).max(16384), width: z.int().min(1).max(16384) });
const widths = z.array(z.int().min(1).max(4096));
const blocks = z.array(z.int().min(1).max(64));

/** A pre-activation residual network that sees the whole canvas. */
export const globalNetworkSchema = z.strictObject({
  widths: widths
    .min(3)
    .max(8)
    .describe("Output channels of each stage; the last three stages are tapped for saliency maps."),
  blocks: blocks.min(3).max(8).describe("Residual blocks of each stage."),
  strides: z
    .array(z.union([z.literal(1), z.literal(2)]))
    .min(3)
    .max(8)
    .describe("Stride of each stage's first block."),
});

/** A residual network that keeps its resolution and sees one crop. */
export const localNetworkSchema = z.strictObject({
  inputChannels: z
    .union([z.literal(1), z.literal(3)])
    .describe(
      "Channels of the checkpoint's first convolution; grey is repeated, so the importer sums the kernel over them.",
    ),
  widths: widths.min(1).max(8).describe("Output channels of each stage."),
  blocks: blocks.min(1).max(8).describe("Residual blocks of each stage."),
  topK: z
    .number()
    .gt(0)
    .max(1)
    .describe("Fraction of a local map's cells that its pooled score averages, in training."),
});

/** How coarse saliency and local maps become one map. */
export const fusionKindSchema = z.enum(["published-mean", "weighted-mean"]);

export const specSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
    classes: z.tuple([z.literal("benign"), z.literal("malignant")]),
    canvas: size.describe("Pixels of the preprocessed window."),
    pixelSpacing: z.number().positive().describe("Nominal spacing of canvas pixels in mm."),
    preprocess: z
      .strictObject({ erosion: z.int().min(0), buffer: z.int().min(0) })
      .describe("Iterations of erosion and dilation, and the buffer around the breast, in canvas pixels."),
    crop: z.int().min(16).max(4096).describe("Side of a square crop in canvas pixels."),
    regions: z.int().min(1).max(16).describe("Regions chosen when the request does not say."),
    saliency: z.strictObject({
      height: z.int().min(1),
      width: z.int().min(1),
      weights: z
        .tuple([z.number(), z.number(), z.number()])
        .describe("Weights of the three maps in the fused saliency S."),
      scoreWeights: z
        .tuple([z.number().min(0), z.number().min(0), z.number().min(0)])
        .refine((weights) => weights.some((weight) => weight > 0), "some map must count in the score")
        .default([1, 1, 1])
        .describe("Relative weights of the three maps in the image's score."),
      topK: z.number().gt(0).max(1).describe("Fraction of cells that the top-k mean of a map averages."),
    }),
    global: globalNetworkSchema,
    local: localNetworkSchema,
    fusion: fusionKindSchema.default("published-mean").describe("How coarse and local maps become one."),
  })
  .superRefine((spec, context) => {
    const { widths, blocks, strides } = spec.global;
    if (widths.length !== blocks.length || widths.length !== strides.length) {
      context.addIssue({ code: "custom", path: ["global"], message: "widths, blocks and strides differ in length" });
      return;
    }
    if (spec.local.widths.length !== spec.local.blocks.length) {
      context.addIssue({ code: "custom", path: ["local"], message: "widths and blocks differ in length" });
    }
    if (spec.crop > Math.min(spec.canvas.height, spec.canvas.width)) {
      context.addIssue({ code: "custom", path: ["crop"], message: "the crop is larger than the canvas" });
    }
    const tap = saliencyTap(spec);
    const map = globalMapSizes(spec)[tap];
    if (map.height !== spec.saliency.height || map.width !== spec.saliency.width) {
      context.addIssue({
        code: "custom",
        path: ["saliency"],
        message: `the global network's first tapped stage is ${map.height} x ${map.width}`,
      });
    }
  });

/** The validated spec. */
export type Spec = z.infer<typeof specSchema>;

/** Height and width in pixels or cells. */
export type Size = { height: number; width: number };

/** Index of the first of the three tapped stages: the one whose size the saliency maps have. */
export const saliencyTap = (spec: Pick<Spec, "global">): number => spec.global.widths.length - 3;

/** Output size of each stage of the global network: conv 7x7/2 pad 3, pool 3x3/2 pad 0, then stages of 3x3 pad 1. */
export function globalMapSizes(spec: Pick<Spec, "canvas" | "global">): Size[] {
  const conv = (n: number) => Math.floor((n - 1) / 2) + 1;
  const pool = (n: number) => Math.floor((n - 3) / 2) + 1;
  let height = pool(conv(spec.canvas.height));
  let width = pool(conv(spec.canvas.width));
  return spec.global.strides.map((stride) => {
    height = Math.floor((height - 1) / stride) + 1;
    width = Math.floor((width - 1) / stride) + 1;
    return { height, width };
  });
}

/** Side of the local network's map of one crop, in cells: conv 7x7/2 pad 3, pool 3x3/2 pad 1, then stride 1. */
export function localMapSide(spec: Pick<Spec, "crop">): number {
  const half = (n: number) => Math.floor((n - 1) / 2) + 1;
  return half(half(spec.crop));
}
