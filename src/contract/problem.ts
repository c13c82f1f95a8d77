/**
 * @module
 * RFC 9457 problem documents.
 */
import * as z from "zod";
import { type ProblemCode, problems } from "../glam/problem.ts";

/** Every stable code. */
export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** An error answer, `application/problem+json`. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe("`/problems/<code>`, relative to this API; a page there explains the code."),
    code: z.enum(problemCodes).describe("The stable code; compare this and nothing else."),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe("What happened and what to do. Never contains anything of the image."),
    at: z.string().optional().describe("Name of the form part or field that is meant, e.g. `tile-0-1`."),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe("All fields that are wrong; paths are JSON pointers into the part `request`."),
    incident: z.string().optional().describe("Identifier of an unexpected error in the server's log."),
  })
  .meta({ id: "Problem", description: "A problem as RFC 9457 defines it." });

/** A problem document. */
export type Problem = z.infer<typeof problemSchema>;
