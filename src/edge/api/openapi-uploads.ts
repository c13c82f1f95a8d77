/**
 * @module
 * Uploads in the OpenAPI document: described by hand, as the framework reads none of their bodies.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { uploadRequestSchema, uploadSchema } from "../../contract/index.ts";
import { problemAnswers, segmentationAnswers, segmentationHeaders } from "./openapi.ts";
import type { AppEnv } from "./routes/context.ts";

const security: Record<string, string[]>[] = [{}, { apiKey: [] }];
const id = z.object({ id: z.string() });
const place = id.extend({ row: z.string(), col: z.string() });
const state = (description: string) => ({ description, content: { "application/json": { schema: uploadSchema } } });
const file = { schema: z.string().meta({ format: "binary" }) };

/** Describes the routes of `routes/uploads.ts`. */
export function describeUploads({ openAPIRegistry: registry }: OpenAPIHono<AppEnv>): void {
  registry.registerPath({
    method: "post",
    path: "/v1/uploads",
    summary: "Start an upload that comes tile by tile",
    description: "The body is the part `request` of a segmentation. Model and canvas are checked at once.",
    security,
    request: { body: { required: true, content: { "application/json": { schema: uploadRequestSchema } } } },
    responses: {
      201: {
        ...state("The upload, still empty"),
        headers: z.object({ Location: z.string().describe("Where the upload is.") }),
      },
      ...problemAnswers(400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 501, 503, 504),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/uploads/{id}",
    summary: "What is there of an upload",
    security,
    request: { params: id },
    responses: { 200: state("The upload"), ...problemAnswers(401, 403, 404, 429, 500, 501, 503) },
  });
  registry.registerPath({
    method: "delete",
    path: "/v1/uploads/{id}",
    summary: "Delete an upload with all its tiles",
    security,
    request: { params: id },
    responses: { 204: { description: "It is gone" }, ...problemAnswers(401, 403, 404, 429, 500, 501, 503) },
  });
  registry.registerPath({
    method: "put",
    path: "/v1/uploads/{id}/tiles/{row}/{col}",
    summary: "Send one tile",
    description:
      "In any order and as often as need be: the same tile again changes nothing, another one replaces it. Rows and columns count from 0; a tile that is not sent is background.",
    security,
    request: {
      params: place,
      headers: z.object({
        "content-digest": z.string().describe("`sha-256=:<base64 of the SHA-256 of the body>:` (RFC 9530)."),
      }),
      body: { required: true, content: { "image/png": file, "image/jpeg": file } },
    },
    responses: {
      200: state("The upload with this tile"),
      ...problemAnswers(400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 501, 503, 504),
    },
  });
  registry.registerPath({
    method: "post",
    path: "/v1/uploads/{id}/segmentation",
    summary: "Segment an upload",
    description:
      "Answers what `POST /v1/segmentations` answers for the same tiles. The upload is deleted with a complete answer; after a partial one, 429, 503, 504, or when the caller leaves before the result, it is kept and can be segmented again.",
    security,
    request: { params: id, headers: segmentationHeaders },
    responses: {
      200: segmentationAnswers,
      ...problemAnswers(400, 401, 403, 404, 409, 422, 429, 500, 501, 503, 504),
    },
  });
}
