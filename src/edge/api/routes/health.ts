/**
 * @module
 * `GET /v1/health/live` and `/v1/health/ready`.
 */
import { createRoute } from "@hono/zod-openapi";
import { liveSchema, readySchema } from "../../../contract/index.ts";
import { problemAnswers } from "../openapi.ts";
import type { App } from "./context.ts";

const live = createRoute({
  method: "get",
  path: "/v1/health/live",
  summary: "Whether the service answers",
  responses: { 200: { description: "It does", content: { "application/json": { schema: liveSchema } } } },
});

const ready = createRoute({
  method: "get",
  path: "/v1/health/ready",
  summary: "Whether this isolate can take a segmentation, and what it holds",
  description: "With a key, where there are any: it names models and memory. `/v1/health/live` needs none.",
  responses: {
    200: {
      description: "Ready, or busy: then a request waits or is told when to come back",
      content: { "application/json": { schema: readySchema } },
    },
    ...problemAnswers(401, 403, 429, 500),
  },
});

/** Adds the routes. */
export function healthRoutes(app: App): void {
  app.openapi(live, (c) => c.json({ status: "live" as const }, 200));
  app.openapi(ready, async (c) => {
    const { registry, settings, transport, gate, memory, ledger, cropsServed } = c.var.services;
    const models = await registry.list();
    const load = gate.load();
    const { bytes, limit } = memory();
    const isolate = ledger.use();
    return c.json(
      {
        status: load.running < settings.MAX_RUNNING ? ("ready" as const) : ("busy" as const),
        models,
        fanout: { transport: transport.name, targets: transport.targets },
        memory: {
          linearBytes: bytes,
          limitBytes: limit,
          bufferBytes: isolate.buffers,
          peakBytes: isolate.peak,
          isolateLimitBytes: isolate.limit,
        },
        load: { segmentations: load.running, waiting: load.waiting, cropsServed: cropsServed() },
      },
      200,
      { "cache-control": "no-store" },
    );
  });
}
