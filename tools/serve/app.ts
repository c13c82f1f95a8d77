/**
 * @module
 * The HTTP interface of `glam serve`: whole files of one machine's own programs. Writes nothing to the disk and logs no request.
 */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { createGate } from "../../src/edge/admission/gate.ts";
import { errorResponse, type Log } from "../../src/edge/api/problem-document.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { FileThreads } from "../files/file-threads.ts";
import { filesAnswer, madeOf, OUTPUT_OF } from "./answer.ts";
import { LOCAL_PACE } from "./paced.ts";
import { type FilesForm, readFiles } from "./read-files.ts";

/** Requests whose bodies are in memory: some that arrive, or wait for the one that is computed. */
const RECEIVED = 3;

/** Requests that wait; their bodies are not read meanwhile. */
const WAITING = 32;

/** Longer than any request takes: sixteen large files on a slow machine. */
const LEASE_MS = 15 * 60_000;

/** Names of this machine to itself. A page elsewhere that points its own name at this machine is turned away. */
const OWN_NAMES = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/** @param log takes lines without anything of a request but codes */
export function createFilesApp(threads: FileThreads, log: Log, pace = LOCAL_PACE): Hono {
  const app = new Hono();
  const bodies = createGate({ slots: RECEIVED, waiting: WAITING, leaseMs: RECEIVED * LEASE_MS });
  const computing = createGate({ slots: 1, waiting: RECEIVED, leaseMs: LEASE_MS });
  app.onError((error) => errorResponse(error, log));
  app.notFound(() => errorResponse(new GlamError("not-found", "Files go to POST /v1/files."), log));
  app.use(async (c, next) => {
    const origin = c.req.header("origin");
    const ours = OWN_NAMES.test(c.req.header("host") ?? new URL(c.req.url).host);
    if (!ours || (origin !== undefined && !OWN_NAMES.test(origin.replace(/^http:\/\//, "")))) {
      throw new GlamError("not-this-machine", "Only programs of this machine are answered, at its own address.");
    }
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
  });
  app.get("/v1/health/live", (c) => c.json({ status: "live" }));
  app.all("/v1/files", async (c) => {
    if (c.req.method !== "POST") {
      const response = errorResponse(new GlamError("method-not-allowed", "Allowed here: POST."), log);
      response.headers.set("allow", "POST");
      return response;
    }
    const supports = Object.keys(OUTPUT_OF);
    const type = accepts(c, { header: "Accept", supports, default: supports[0] });
    const { signal } = c.req.raw;
    const held = [await bodies.enter(signal, c.req.header("glam-ticket"))];
    try {
      const form = await readFiles(c.req.raw, pace);
      held.push(await computing.enter(signal));
      if (type === "application/json") return c.json(filesAnswer(await segmentAll(threads, form, type)));
      if (form.files.length > 1) {
        throw new GlamError("invalid-request", `${type} is made of one file; ask for JSON.`, { at: "accept" });
      }
      const [outcome] = await segmentAll(threads, form, type);
      return c.body(madeOf(outcome), 200, { "content-type": type });
    } finally {
      for (const lease of held) lease.release();
    }
  });
  return app;
}

/** Every file of a form, as many at once as there are threads. */
function segmentAll(threads: FileThreads, { files, fields }: FilesForm, type: string) {
  const { view, pixelSpacing, chestWall, ...asked } = fields;
  const question = { ...asked, outputs: [OUTPUT_OF[type]] };
  return Promise.all(
    files.map((file) =>
      threads.segment({ bytes: file.bytes, view: file.view ?? view, pixelSpacing, chestWall, question }),
    ),
  );
}
