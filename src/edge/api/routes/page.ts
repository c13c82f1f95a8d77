/**
 * @module
 * The page at `/`: static files that the build puts into the folder `page/` of the assets. Nothing else of the assets is
 * reachable over HTTP: beside that folder lie the weights of models.
 */
import type { Context } from "hono";
import { GlamError } from "../../../glam/problem.ts";
import { pageHeaders } from "../page-headers.ts";
import type { App, AppEnv } from "./context.ts";

/** A name as the build makes it, e.g. `app-K3QYZ2AB.js`: no folder, no dot segment, no file without a content hash. */
const hashedFile = /^[a-z0-9-]+-[A-Z0-9]{8}\.(?:js|css|svg|png)$/;

/** Adds the routes. */
export function pageRoutes(app: App): void {
  app.get("/", (c) => servePageFile(c, "", "no-cache"));
  app.get("/page/:file", (c) => {
    const file = c.req.param("file");
    if (!hashedFile.test(file)) throw missing();
    return servePageFile(c, file, "public, max-age=31536000, immutable");
  });
}

const missing = () =>
  new GlamError("not-found", "This deployment has no such file of the page; the API is described at /openapi.json.");

/** One file of the assets' folder `page/`; its index when `file` is empty. */
async function servePageFile(c: Context<AppEnv>, file: string, cacheControl: string): Promise<Response> {
  const tag = c.req.header("if-none-match");
  // The host is never resolved; a binding wants a whole URL.
  const asset = await c.var.services.assets.fetch(
    new Request(`https://assets.invalid/page/${file}`, tag === undefined ? {} : { headers: { "if-none-match": tag } }),
  );
  if (asset.status !== 200 && asset.status !== 304) {
    await asset.body?.cancel();
    throw missing();
  }
  const headers = new Headers({ ...pageHeaders, "cache-control": cacheControl });
  for (const name of ["content-type", "etag"]) {
    const value = asset.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(asset.body, { status: asset.status, headers });
}
