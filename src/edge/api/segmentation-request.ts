/**
 * @module
 * Text of the part `request` to a validated request.
 */
import type * as z from "zod";
import { type SegmentationRequest, segmentationRequestSchema } from "../../contract/index.ts";
import { InvalidRequest } from "./problem-document.ts";
import { parseStrictJson } from "./strict-json.ts";

/**
 * Parses and validates the part `request`.
 * @param single whether the image came as one part `image`
 * @throws GlamError `malformed-json`, {@link InvalidRequest} with every wrong field
 */
export function parseSegmentationRequest(text: string, single: boolean): SegmentationRequest {
  const request = parseRequest(segmentationRequestSchema, text);
  const { canvas, tile } = request;
  const missing = single
    ? []
    : (
        [
          ["/canvas", canvas],
          ["/tile", tile],
        ] as const
      ).filter(([, value]) => value === undefined);
  if (missing.length > 0) {
    throw new InvalidRequest(missing.map(([path]) => ({ path, message: "needed when the image comes in tiles" })));
  }
  return request;
}

/**
 * Parses and validates a request.
 * @throws GlamError `malformed-json`, {@link InvalidRequest} with every wrong field
 */
export function parseRequest<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(parseStrictJson(text, "request"));
  if (parsed.success) return parsed.data;
  throw new InvalidRequest(
    parsed.error.issues.map((issue) => ({ path: pointer(issue.path), message: message(issue) })),
  );
}

/** A JSON pointer (RFC 6901). */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The validator's message, which names the limits; never a name that the caller made up. */
const message = (issue: z.core.$ZodIssue): string =>
  issue.code === "unrecognized_keys" ? "has fields that are not known here" : issue.message;
