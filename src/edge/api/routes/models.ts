/**
 * @module
 * `GET /v1/models` and `/v1/models/{name}`. Weights are not served: a user's own model may not be public.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { modelDetailSchema, modelListSchema } from "../../../contract/index.ts";
import { manifestHash } from "../../models/manifest-hash.ts";
import { problemAnswers } from "../openapi.ts";
import type { App } from "./context.ts";

const list = createRoute({
  method: "get",
  path: "/v1/models",
  summary: "The models of this deployment",
  responses: {
    200: { description: "All models", content: { "application/json": { schema: modelListSchema } } },
    ...problemAnswers(401, 403, 500),
  },
});

const detail = createRoute({
  method: "get",
  path: "/v1/models/{name}",
  summary: "One model: canvas size, provenance, quality",
  request: { params: z.object({ name: z.string() }) },
  responses: {
    200: { description: "The model", content: { "application/json": { schema: modelDetailSchema } } },
    ...problemAnswers(401, 403, 404, 500),
  },
});

/** Adds the routes. */
export function modelRoutes(app: App): void {
  app.openapi(list, async (c) => {
    const { registry, settings } = c.var.services;
    const names = await registry.list();
    const standard = settings.DEFAULT_MODEL ?? names[0];
    const manifests = await Promise.all(names.map((name) => registry.manifest(name)));
    const models = await Promise.all(
      manifests.map(async (manifest) => ({
        name: manifest.name,
        version: manifest.version,
        sha256: await manifestHash(manifest),
        default: manifest.name === standard,
      })),
    );
    return c.json({ models }, 200);
  });
  app.openapi(detail, async (c) => {
    const manifest = await c.var.services.registry.manifest(c.req.valid("param").name);
    return c.json({ sha256: await manifestHash(manifest), manifest }, 200);
  });
}
