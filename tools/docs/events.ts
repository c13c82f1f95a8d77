/**
 * @module
 * docs/reference/events.md: the events of a segmentation's stream.
 */
import type * as z from "zod";
import { segmentationSchema } from "../../src/contract/answer.ts";
import { acceptedEventSchema, globalEventSchema, regionEventSchema } from "../../src/contract/events.ts";
import { problemSchema } from "../../src/contract/problem.ts";
import { fieldTable } from "./field-table.ts";
import { page } from "./markdown.ts";
import { fieldRows, holds, jsonSchema, namedTypes } from "./schema-rows.ts";

const streamed = {
  accepted: ["The form is complete and sound; computing begins.", acceptedEventSchema],
  global: ["The global network's result for the whole image.", globalEventSchema],
  region: [
    "One region is complete or failed. `map` is the local map of its box, at the network's own size; a failed region has none.",
    regionEventSchema,
  ],
  result: ["The answer, as `Accept: application/json` gives it at once.", segmentationSchema],
  problem: ["Instead of `result`, when the segmentation ended without one.", problemSchema],
} as const;

/** A named type has a section of its own. */
const data = (schema: z.ZodType): string => {
  const rows = fieldRows(schema);
  return rows.length === 0 ? `Its data are a ${holds(jsonSchema(schema))}.` : fieldTable(rows);
};

export const eventsPage = (): string =>
  page(
    "Events of a segmentation",
    "For whoever reads the stream of `POST /v1/segmentations` or `POST /v1/uploads/{id}/segmentation` with `Accept: text/event-stream`. The name travels in the field `event`, the rest as JSON in `data`. They come in this order, `region` once for each region, as its crop returns. The typed client has events of its own beside these: [client.md](../client.md). What the fields mean, and what they do not: [what-the-answer-means.md](../how-to/what-the-answer-means.md).",
    ...Object.entries(streamed).flatMap(([name, [text, schema]]) => [`## \`${name}\``, text, data(schema)]),
    ...Array.from(namedTypes(...Object.values(streamed).map(([, schema]) => schema)))
      .filter(([, rows]) => rows.length > 0)
      .flatMap(([name, rows]) => [`## Type ${name}`, fieldTable(rows)]),
  );
