/**
 * @module
 * Uploads that survive a bad network: a request first, then tile by tile, then the segmentation. The framework validates
 * no body here, because it would read all of it into memory first.
 */
import type { Context } from "hono";
import { ticketHeader } from "../../../contract/ticket.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { UploadSessions } from "../../uploads/upload-sessions.ts";
import { startDeadline } from "../deadline.ts";
import { openUpload } from "../open-upload.ts";
import { receiveTile } from "../receive-tile.ts";
import { uploadAnswer } from "../upload-answer.ts";
import { uploadEvents } from "../upload-events.ts";
import { answerEvents } from "./answer-events.ts";
import { type App, type AppEnv, keepAlive } from "./context.ts";

const noStore = { "cache-control": "no-store" };

/** Adds the routes. */
export function uploadRoutes(app: App): void {
  app.post("/v1/uploads", async (c) => {
    const sessions = offered(c);
    const upload = await inTime(c, (signal) => openUpload(c.req.raw, sessions, c.var.services, signal));
    return c.json(upload, 201, { ...noStore, location: `/v1/uploads/${upload.id}` });
  });
  app.get("/v1/uploads/:id", async (c) => {
    const id = c.req.param("id");
    return c.json(uploadAnswer(id, await offered(c).state(id)), 200, noStore);
  });
  app.delete("/v1/uploads/:id", async (c) => {
    await offered(c).remove(c.req.param("id"));
    return c.body(null, 204, noStore);
  });
  app.put("/v1/uploads/:id/tiles/:row/:col", async (c) => {
    const sessions = offered(c);
    const receive = (signal: AbortSignal) => receiveTile(c.req.raw, c.req.param(), sessions, c.var.services, signal);
    return c.json(await inTime(c, receive), 200, noStore);
  });
  app.post("/v1/uploads/:id/segmentation", (c) => {
    const { services } = c.var;
    const sessions = offered(c);
    const deadline = startDeadline(services.settings.DEADLINE_MS, c.req.raw.signal);
    const ticket = c.req.header(ticketHeader);
    const source = { ticket, services, deadline, keepAlive: (work: Promise<unknown>) => keepAlive(c, work) };
    return answerEvents(c, uploadEvents(c.req.param("id"), sessions, source), deadline);
  });
}

/**
 * The caller's uploads.
 * @throws GlamError `uploads-unavailable` when the deployment has no place for them
 */
function offered({ var: { services, caller } }: Context<AppEnv>): UploadSessions {
  if (services.sessions) return services.sessions(caller);
  throw new GlamError("uploads-unavailable", "This deployment takes no uploads; use POST /v1/segmentations.");
}

/** Work that ends when time is up or the caller goes away, and not in the middle of an `await`. */
function inTime<T>(c: Context<AppEnv>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = startDeadline(c.var.services.settings.DEADLINE_MS, c.req.raw.signal);
  const done = work(deadline.signal).finally(() => deadline.clear());
  keepAlive(c, done);
  return done;
}
