/**
 * @module
 * Exams: the views of one woman as a job, which goes on while nobody waits for it.
 */
import * as z from "zod";
import { segmentationSchema } from "./answer.ts";
import { perClassSchema, viewSchema } from "./geometry.ts";
import { problemSchema } from "./problem.ts";
import { uploadRequestSchema, uploadSchema } from "./upload.ts";

/** Most images of one exam: four views, each four times. */
export const MAX_EXAM_IMAGES = 16;

const placeSchema = z.tuple([z.int().min(0).max(1023), z.int().min(0).max(1023)]);

/** One image of `POST /v1/exams`. */
export const examImageRequestSchema = z
  .strictObject({
    view: viewSchema.describe("View of the image; several images may have the same."),
    pixelSpacing: uploadRequestSchema.shape.pixelSpacing,
    tiles: z
      .array(placeSchema)
      .min(1)
      .max(1024)
      .refine((tiles) => new Set(tiles.map(String)).size === tiles.length, "a tile is named twice")
      .optional()
      .describe(
        "[row, column] of each tile that will come, counted from 0; the others are background. All when left out.",
      ),
    bytes: z
      .int()
      .min(1)
      .optional()
      .describe("Bytes of these tiles together: what is too much is refused now instead of later."),
  })
  .meta({ id: "ExamImageRequest" });

/** The body of `POST /v1/exams`. What is asked of a segmentation is asked of each image. */
export const examRequestSchema = uploadRequestSchema
  .omit({ view: true, pixelSpacing: true })
  .extend({
    images: z.array(examImageRequestSchema).min(1).max(MAX_EXAM_IMAGES),
    webhook: z
      .strictObject({ url: z.string().max(2048).describe("https, on a host that the deployment lists.") })
      .optional()
      .describe("Told when the exam is finished or has expired, by Standard Webhooks 1.0."),
  })
  .meta({ id: "ExamRequest" });

/** Where an exam stands. */
export const examStateSchema = z
  .enum(["receiving", "queued", "running", "complete", "partial", "failed", "expired"])
  .describe(
    "`partial`: an image, or a region of one, could not be computed; `failed`: no image could. `expired`: too late, everything but this word is deleted.",
  );

/** Scores of several images together. */
export const meanScoresSchema = perClassSchema
  .extend({
    calibrated: z.literal(false).describe("The scores order women or breasts; they are no probabilities of disease."),
    views: z.array(viewSchema).describe("The views that count."),
    failed: z.array(viewSchema).describe("Views of which no image could be computed; the mean goes without them."),
  })
  .meta({
    id: "MeanScores",
    description: "Mean over the views; several images of one view count as their mean.",
  });

const summaryShape = {
  breasts: z.strictObject({
    left: meanScoresSchema.nullable().describe("Null without an image that was computed."),
    right: meanScoresSchema.nullable(),
  }),
  patient: meanScoresSchema.nullable().describe("Over all views of both breasts."),
};

/** One image of an exam. */
export const examImageSchema = z
  .strictObject({
    view: viewSchema,
    upload: uploadSchema.shape.id.describe("Its tiles go to `/v1/uploads/{id}/tiles/{row}/{col}`."),
    limits: uploadSchema.shape.limits,
    state: z.enum(["receiving", "queued", "running", "complete", "partial", "failed"]),
    tiles: z.strictObject({ expected: z.int().min(1), received: z.int().min(0) }),
    tries: z.int().min(0).describe("How often computing it has begun."),
    scores: perClassSchema.optional().describe("As in its answer, once it is computed."),
    problem: problemSchema.optional().describe("Why it failed."),
  })
  .meta({ id: "ExamImage" });

/** An exam and how far it is. */
export const examSchema = z
  .strictObject({
    id: uploadSchema.shape.id.describe("Whoever knows it can fetch the exam: keep it as secret as the images."),
    reference: z.uuid().describe("Names the exam in webhooks; it opens nothing."),
    state: examStateSchema,
    expiresAt: z.iso.datetime().describe("When everything is deleted, unless something happens before."),
    endsAt: z.iso.datetime().describe("When everything is deleted at the latest."),
    progress: z.strictObject({
      images: z.int().min(0).describe("All images."),
      received: z.int().min(0).describe("Images whose tiles are all there."),
      done: z.int().min(0).describe("Images that are computed or have failed."),
    }),
    images: z.array(examImageSchema).describe("In the order of the request; none once the exam has expired."),
    ...summaryShape,
  })
  .meta({ id: "Exam" });

/** What is left of an exam in its result: `answer` has the same bytes as a direct segmentation of the same tiles. */
export const examResultImageSchema = z
  .strictObject({
    view: viewSchema,
    status: z.enum(["complete", "partial", "failed"]),
    answer: segmentationSchema.optional(),
    problem: problemSchema.optional().describe("Why there is no answer."),
  })
  .meta({ id: "ExamResultImage" });

/** The body of `GET /v1/exams/{id}/result`. */
export const examResultSchema = z
  .strictObject({
    id: uploadSchema.shape.id,
    reference: z.uuid(),
    state: z.enum(["complete", "partial", "failed"]),
    disclaimer: segmentationSchema.shape.disclaimer,
    ...summaryShape,
    images: z.array(examResultImageSchema).describe("In the order of the request."),
  })
  .meta({ id: "ExamResult" });

/** The body of a webhook. Nothing in it says anything of the exam but how it stands. */
export const examWebhookSchema = z
  .strictObject({
    type: z.enum(["exam.complete", "exam.partial", "exam.failed", "exam.expired"]),
    timestamp: z.iso.datetime().describe("When it happened."),
    data: z.strictObject({ id: z.uuid().describe("The exam's `reference`."), state: examStateSchema }),
  })
  .meta({ id: "ExamWebhook" });

export type ExamRequest = z.output<typeof examRequestSchema>;
export type ExamRequestInput = z.input<typeof examRequestSchema>;
export type ExamState = z.infer<typeof examStateSchema>;
export type Exam = z.infer<typeof examSchema>;
export type ExamImage = z.infer<typeof examImageSchema>;
export type ExamResultImage = z.infer<typeof examResultImageSchema>;
export type ExamResultAnswer = z.infer<typeof examResultSchema>;
export type ExamWebhook = z.infer<typeof examWebhookSchema>;
export type MeanScoresAnswer = z.infer<typeof meanScoresSchema>;
