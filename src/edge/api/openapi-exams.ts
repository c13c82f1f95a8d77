/**
 * @module
 * Exams in the OpenAPI document: described by hand, as the framework reads none of their bodies.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { examRequestSchema, examResultSchema, examSchema, examWebhookSchema } from "../../contract/index.ts";
import { problemAnswers } from "./openapi.ts";
import type { AppEnv } from "./routes/context.ts";

const security: Record<string, string[]>[] = [{}, { apiKey: [] }];
const id = z.object({ id: z.string() });
const state = (description: string) => ({ description, content: { "application/json": { schema: examSchema } } });

/** Describes the routes of `routes/exams.ts`. */
export function describeExams({ openAPIRegistry: registry }: OpenAPIHono<AppEnv>): void {
  registry.registerWebhook({
    method: "post",
    path: "exam",
    summary: "An exam is finished, or has expired",
    description: "By Standard Webhooks 1.0, to the address that `POST /v1/exams` gave.",
    request: { body: { required: true, content: { "application/json": { schema: examWebhookSchema } } } },
    responses: { 204: { description: "Received; without a good answer it comes again" } },
  });
  registry.registerPath({
    method: "post",
    path: "/v1/exams",
    summary: "Start an exam: several images as a job",
    description:
      "Opens one upload for each image; tiles go there. When all are there the exam is computed, whether somebody waits or not. The same key and body again give the same exam.",
    security,
    request: {
      headers: z.object({
        "idempotency-key": z
          .string()
          .describe("16 to 255 visible ASCII characters, made at random once for each exam; in quotes or without."),
      }),
      body: { required: true, content: { "application/json": { schema: examRequestSchema } } },
    },
    responses: {
      202: {
        ...state("The exam, whose tiles are awaited"),
        headers: z.object({ Location: z.string().describe("Where the exam is.") }),
      },
      ...problemAnswers(400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 501, 503, 504),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/exams/{id}",
    summary: "How far an exam is",
    description:
      "With `Accept: text/event-stream` an event `exam` now and with each change, until the exam is finished or the server's deadline passes; then ask again.",
    security,
    request: { params: id },
    responses: {
      200: {
        description: "The exam",
        content: { "application/json": { schema: examSchema }, "text/event-stream": { schema: examSchema } },
      },
      ...problemAnswers(401, 403, 404, 429, 500, 501, 503),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/exams/{id}/result",
    summary: "The answers of a finished exam",
    security,
    request: { params: id },
    responses: {
      200: { description: "Answers and means", content: { "application/json": { schema: examResultSchema } } },
      ...problemAnswers(401, 403, 404, 409, 429, 500, 501, 503),
    },
  });
  registry.registerPath({
    method: "delete",
    path: "/v1/exams/{id}",
    summary: "Delete an exam with everything: it was fetched, or is not wanted",
    security,
    request: { params: id },
    responses: { 204: { description: "It is gone" }, ...problemAnswers(401, 403, 404, 429, 500, 501, 503) },
  });
}
