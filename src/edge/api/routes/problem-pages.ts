/**
 * @module
 * `GET /problems/{code}`: where the `type` of a problem document leads.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { problemCodes } from "../../../contract/index.ts";
import { GlamError, problems } from "../../../glam/problem.ts";
import { explanations } from "../explanations.ts";
import { problemAnswers } from "../openapi.ts";
import type { App } from "./context.ts";

const page = createRoute({
  method: "get",
  path: "/problems/{code}",
  summary: "What a problem means and what to do",
  request: { params: z.object({ code: z.string() }) },
  responses: {
    200: { description: "An explanation", content: { "text/plain": { schema: z.string() } } },
    ...problemAnswers(404),
  },
});

/** Adds the route. */
export function problemPages(app: App): void {
  app.openapi(page, (c) => {
    const code = problemCodes.find((known) => known === c.req.valid("param").code);
    if (code === undefined) throw new GlamError("not-found", "There is no problem with this code.");
    return c.text(`${problems[code].title}\n(${code}, HTTP ${problems[code].status})\n\n${explanations[code]}\n`, 200);
  });
}
