/**
 * @module
 * The HTTP API as a Hono app.
 */
import { cors } from "hono/cors";
import { ticketHeader } from "../../contract/ticket.ts";
import { GlamError } from "../../glam/problem.ts";
import { cropsPath } from "../fanout/https.ts";
import { admitted, guarded } from "./access.ts";
import { describeSegmentations, openApiInfo } from "./openapi.ts";
import { describeExams } from "./openapi-exams.ts";
import { describeUploads } from "./openapi-uploads.ts";
import { errorResponse } from "./problem-document.ts";
import { type App, createRoutes } from "./routes/context.ts";
import { cropRoute } from "./routes/crops.ts";
import { examRoutes } from "./routes/exams.ts";
import { healthRoutes } from "./routes/health.ts";
import { modelRoutes } from "./routes/models.ts";
import { pageRoutes } from "./routes/page.ts";
import { problemPages } from "./routes/problem-pages.ts";
import { segmentationRoute } from "./routes/segmentations.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import type { Services } from "./services.ts";

/** Methods of each path, for 405 answers. */
const methods: Record<string, string> = {
  "/v1/segmentations": "POST",
  "/v1/uploads": "POST",
  "/v1/uploads/:id": "GET, HEAD, DELETE",
  "/v1/uploads/:id/tiles/:row/:col": "PUT",
  "/v1/uploads/:id/segmentation": "POST",
  "/v1/exams": "POST",
  "/v1/exams/:id": "GET, HEAD, DELETE",
  "/v1/exams/:id/result": "GET, HEAD",
  [cropsPath]: "POST",
  "/v1/models": "GET, HEAD",
  "/v1/models/:name": "GET, HEAD",
  "/v1/health/live": "GET, HEAD",
  "/v1/health/ready": "GET, HEAD",
  "/openapi.json": "GET, HEAD",
  "/problems/:code": "GET, HEAD",
  "/": "GET, HEAD",
  "/page/:file": "GET, HEAD",
};

/**
 * Makes the app.
 * @example const response = await createApp(services).request("/v1/health/live");
 */
export function createApp(services: Services): App {
  const app = createRoutes();
  app.onError((error) => errorResponse(error, services.log));
  app.notFound(() => errorResponse(new GlamError("not-found", "See /openapi.json for what is here."), services.log));
  app.use(async (c, next) => {
    c.set("services", services);
    c.set("caller", "");
    await next();
  });
  const { CORS_ORIGINS } = services.settings;
  if (CORS_ORIGINS.length > 0) app.use(browserAccess(CORS_ORIGINS));
  for (const path of guarded) app.use(path, admitted(services));

  segmentationRoute(app);
  uploadRoutes(app);
  examRoutes(app);
  cropRoute(app);
  modelRoutes(app);
  healthRoutes(app);
  problemPages(app);
  pageRoutes(app);
  describeSegmentations(app);
  describeUploads(app);
  describeExams(app);
  app.doc31("/openapi.json", openApiInfo);

  for (const [path, allowed] of Object.entries(methods)) {
    app.all(path, () => {
      const response = errorResponse(new GlamError("method-not-allowed", `Allowed here: ${allowed}.`), services.log);
      response.headers.set("allow", allowed);
      return response;
    });
  }
  return app;
}

/** Lets pages of these origins call the API. Keys travel in headers and there are no cookies, so `*` gives nothing away. */
const browserAccess = (origins: readonly string[]) =>
  cors({
    origin: origins.includes("*") ? "*" : [...origins],
    allowMethods: ["GET", "POST", "PUT", "DELETE"],
    allowHeaders: [
      "content-type",
      "authorization",
      "x-api-key",
      "accept",
      "content-digest",
      "idempotency-key",
      ticketHeader,
    ],
    exposeHeaders: ["retry-after", "location", ticketHeader],
    maxAge: 86_400,
  });
