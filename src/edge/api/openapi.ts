/**
 * @module
 * The parts of the OpenAPI document that routes share, and the one route that is described by hand.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import {
  problemSchema,
  segmentationEventSchema,
  segmentationRequestSchema,
  segmentationSchema,
} from "../../contract/index.ts";
import type { AppEnv } from "./routes/context.ts";

/** What the document says of itself. */
export const openApiInfo = {
  openapi: "3.1.0",
  info: {
    title: "glam-edge",
    version: "1",
    description:
      "Segments lesions in mammograms with GLAM (Global-Local Activation Maps). Research use only. Not a medical device.",
  },
};

type Status = 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 501 | 503 | 504;

/** Answers with a problem document. */
export function problemAnswers<S extends Status>(...statuses: S[]) {
  const answer = {
    description: "A problem",
    content: { "application/problem+json": { schema: problemSchema } },
  };
  return Object.fromEntries(statuses.map((status) => [status, answer])) as Record<S, typeof answer>;
}

/** What a segmentation answers, wherever its tiles come from. */
export const segmentationAnswers = {
  description: "The answer, complete or partial",
  content: {
    "application/json": { schema: segmentationSchema },
    "text/event-stream": { schema: segmentationEventSchema },
  },
};

/** Headers of a request for a segmentation. */
export const segmentationHeaders = z.object({
  "glam-ticket": z
    .string()
    .optional()
    .describe("The header `Glam-Ticket` of the last 503 `busy`: whoever came first is let in first."),
});

/** The form as it travels; the code reads it by itself, part by part. */
const formSchema = z
  .object({
    request: segmentationRequestSchema,
    image: z.string().optional().meta({ contentMediaType: "image/png", description: "The whole canvas as one tile." }),
  })
  .catchall(z.string().meta({ contentMediaType: "image/jpeg", description: "Tiles: `tile-{row}-{col}`." }));

/** Describes `POST /v1/segmentations`, whose body the framework must not read. */
export function describeSegmentations({ openAPIRegistry: registry }: OpenAPIHono<AppEnv>): void {
  registry.registerComponent("securitySchemes", "apiKey", { type: "http", scheme: "bearer" });
  registry.registerPath({
    method: "post",
    path: "/v1/segmentations",
    summary: "Segment one view",
    description:
      "The image is the preprocessed canvas of the model, sent as one part `image` or as parts `tile-{row}-{col}`; a missing tile is background. With `Accept: text/event-stream` the answer is a stream of events.",
    security: [{}, { apiKey: [] }],
    request: {
      headers: segmentationHeaders,
      body: {
        required: true,
        content: {
          "multipart/form-data": {
            schema: formSchema,
            encoding: {
              request: { contentType: "application/json" },
              image: { contentType: "image/jpeg, image/png" },
            },
          },
        },
      },
    },
    responses: {
      200: segmentationAnswers,
      ...problemAnswers(400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 503, 504),
    },
  });
}
