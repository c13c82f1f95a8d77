/**
 * @module
 * Exams: several images as a job that goes on while nobody waits. Tiles come by the routes of uploads.
 */
import type { Context } from "hono";
import type { Exam } from "../../../contract/index.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { BufferShare } from "../../admission/memory-ledger.ts";
import { isFinished } from "../../exams/exam-record.ts";
import type { ExamSessions, ReadExam } from "../../exams/exam-sessions.ts";
import type { UploadSessions } from "../../uploads/upload-sessions.ts";
import { wantsEvents } from "../accept.ts";
import { startDeadline } from "../deadline.ts";
import { eventStream } from "../event-stream.ts";
import { examAnswer, examResult } from "../exam-answer.ts";
import { examEvents } from "../exam-events.ts";
import { openExam } from "../open-exam.ts";
import { type App, type AppEnv, keepAlive } from "./context.ts";

const noStore = { "cache-control": "no-store" };

/** Adds the routes. */
export function examRoutes(app: App): void {
  app.post("/v1/exams", async (c) => {
    const { exams, uploads } = offered(c);
    const { services } = c.var;
    const deadline = startDeadline(services.settings.DEADLINE_MS, c.req.raw.signal);
    const opening = openExam(c.req.raw, exams, services, deadline.signal).finally(() => deadline.clear());
    keepAlive(c, opening);
    const exam = await examAnswer(await opening, uploads);
    return c.json(exam, 202, { ...noStore, location: `/v1/exams/${exam.id}` });
  });
  app.get("/v1/exams/:id", async (c) => {
    const { exams, uploads } = offered(c);
    const look = async (): Promise<Exam> => examAnswer(await exams.read(c.req.param("id")), uploads);
    const first = await look();
    // Nobody reads what HEAD asks about: neither events nor a result may be begun for it.
    if (c.req.method === "HEAD" || !wantsEvents(c.req.header("accept"))) return c.json(first, 200, noStore);
    const deadline = startDeadline(c.var.services.settings.DEADLINE_MS, c.req.raw.signal);
    const events = examEvents(first, look, deadline.signal, c.var.services.log);
    const { response, done } = eventStream(events, () => deadline.abort());
    keepAlive(
      c,
      done.finally(() => deadline.clear()),
    );
    return response;
  });
  app.get("/v1/exams/:id/result", async (c) => {
    const { exams } = offered(c);
    const exam = await exams.read(c.req.param("id"));
    assertResult(exam);
    const headers = { ...noStore, "content-type": "application/json" };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    const share = c.var.services.ledger.open();
    try {
      // One answer at a time, sealed and opened.
      share.hold("answer", 2 * Math.max(...exam.record.images.map(({ answerBytes }) => answerBytes)));
    } catch (error) {
      share.release();
      throw error;
    }
    return c.body(streamOf(examResult(exam, exams), share), 200, headers);
  });
  app.delete("/v1/exams/:id", async (c) => {
    await offered(c).exams.remove(c.req.param("id"));
    return c.body(null, 204, noStore);
  });
}

/** A body in pieces, each made when it is wanted; its room is given back at the end. */
const streamOf = (
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>,
  share: BufferShare,
): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value } = await pieces.next();
        if (value !== undefined) return controller.enqueue(value);
        controller.close();
        share.release();
      } catch (error) {
        share.release();
        throw error;
      }
    },
    async cancel() {
      share.release();
      await pieces.return();
    },
  });

/** @throws GlamError `exam-not-finished`, `exam-not-found` when it has expired */
function assertResult({ record: { state } }: ReadExam): void {
  if (!isFinished(state)) {
    const detail = "The exam has no result yet; GET of the exam says how far it is.";
    throw new GlamError("exam-not-finished", detail, { retryAfter: 5 });
  }
  if (state === "expired") throw new GlamError("exam-not-found", "The exam has expired, and its answers are deleted.");
}

/**
 * The caller's exams and their uploads.
 * @throws GlamError `exams-unavailable` when the deployment has no place for them
 */
function offered({ var: { services, caller } }: Context<AppEnv>): { exams: ExamSessions; uploads: UploadSessions } {
  const { exams, sessions } = services;
  if (exams && sessions) return { exams: exams(caller), uploads: sessions(caller) };
  throw new GlamError("exams-unavailable", "This deployment takes no exams; use POST /v1/segmentations.");
}
