/**
 * @module
 * An exam as a job of the service: sent tile by tile, computed whether this program runs or not, fetched, deleted.
 */
import { GlamError } from "../../glam/problem.ts";
import { type View, views } from "../../glam/view.ts";
import { ConnectionError, ProblemError } from "./errors.ts";
import {
  deleteExam,
  fetchResult,
  findExam,
  type JobOptions,
  type JobRun,
  lookAtExam,
  type ReadyView,
  readyView,
} from "./exam-calls.ts";
import {
  type ExamEvent,
  type ExamImages,
  type ExamResult,
  type JobEvent,
  summarise,
  type ViewResult,
} from "./exam-result.ts";
import type { ExamStanding } from "./exam-state.ts";
import { callJson } from "./http.ts";
import { CALL_MS, putTiles } from "./put-tiles.ts";
import { RETRIES, retryDelay } from "./retry.ts";
import { asUploadState } from "./upload-state.ts";
import { waitToRetry } from "./wait-to-retry.ts";
import { pause } from "./within.ts";

const FIRST_LOOK_MS = 1_000;
const MOST_LOOK_MS = 5_000;

/**
 * Events of a job, and its result. A run that fails or is aborted leaves the exam at the service, until it expires.
 * @throws GlamError, ConnectionError, or the signal's reason
 */
export async function* jobEvents(images: ExamImages, options: JobRun): AsyncGenerator<ExamEvent, ExamResult, void> {
  const { model, retries = RETRIES } = options;
  const results: Partial<Record<View, ViewResult>> = {};
  const ready: ReadyView[] = [];
  for (const view of views) {
    const image = images[view];
    if (image === undefined) continue;
    try {
      const prepared = await readyView(view, image, options);
      ready.push(prepared);
      yield { view, event: "preprocessed", data: { preprocessed: prepared.preprocessed, model } };
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof GlamError)) throw error;
      results[view] = { status: "failed", error };
      yield { view, event: "failed", data: { error } };
    }
  }
  if (ready.length === 0) return summarise(results);
  const job: Job = { ready, options, examId: options.examId, gained: false };
  for (let failures = 0; ; ) {
    try {
      yield* settle(job, results);
      return summarise(results);
    } catch (error) {
      if (!(error instanceof ProblemError || error instanceof ConnectionError)) throw error;
      if (job.gained) failures = 0;
      job.gained = false;
      const delayMs = retryDelay(error, failures);
      if (delayMs === undefined || failures >= retries) throw error;
      failures++;
      yield { view: undefined, event: "retry", data: { error, attempt: failures, delayMs, next: "resumable" } };
      await waitToRetry(error, delayMs, options);
    }
  }
}

/** A job over several tries; `gained` since the last failure. */
type Job = { ready: ReadyView[]; options: JobRun; examId: string | undefined; gained: boolean };

/** Opens or finds the exam, sends what is missing, waits, and fetches. @throws ProblemError, ConnectionError */
async function* settle(job: Job, results: Partial<Record<View, ViewResult>>): AsyncGenerator<ExamEvent, void, void> {
  const { options, ready } = job;
  let exam = await findExam(ready, options, job.examId);
  job.examId = exam.id;
  yield tell(exam, options);
  if (exam.state === "receiving") yield* sendViews(job, exam);
  for (let lookMs = FIRST_LOOK_MS; isOpen(exam); lookMs = Math.min(lookMs * 1.5, MOST_LOOK_MS)) {
    const before = standing(exam);
    exam = await lookAtExam(exam.id, options);
    if (standing(exam) !== before) {
      job.gained = true;
      yield tell(exam, options);
    }
    if (isOpen(exam)) await pause(lookMs, options.signal);
  }
  if (exam.state === "expired")
    throw new GlamError("exam-not-found", "The exam has expired at the service; begin anew.");
  for (const { view, answer, problem } of await fetchResult(exam.id, options)) {
    const own = ready.find((one) => one.view === view);
    if (own === undefined) continue;
    if (answer) {
      const data = { answer, preprocessed: own.preprocessed, model: options.model };
      results[view] = { status: "complete", ...data };
      yield { view, event: "result", data };
    } else if (problem) {
      const error = new ProblemError(problem);
      results[view] = { status: "failed", error };
      yield { view, event: "failed", data: { error } };
    }
  }
  if (!options.keepExam) await deleteExam(exam.id, options).catch(() => {});
}

const isOpen = ({ state }: ExamStanding): boolean => ["receiving", "queued", "running"].includes(state);

const standing = ({ state, progress, images }: ExamStanding): string =>
  JSON.stringify([state, progress, images.map((image) => image.state)]);

const tell = (
  { id, state, progress, images }: ExamStanding,
  { idempotencyKey }: JobOptions,
): { view: undefined } & JobEvent => ({
  view: undefined,
  event: "exam",
  data: {
    kept: { examId: id, idempotencyKey },
    state,
    progress,
    images: images.map(({ view, state }) => ({ view, state })),
  },
});

/** Sends the tiles that are missing. */
async function* sendViews(job: Job, exam: ExamStanding): AsyncGenerator<ExamEvent, void, void> {
  for (const { view, upload, state } of exam.images) {
    const own = job.ready.find((one) => one.view === view);
    if (own === undefined || state !== "receiving") continue;
    const there = asUploadState(await callJson(job.options, { path: `/v1/uploads/${upload}`, timeoutMs: CALL_MS }));
    let before: number | undefined;
    for await (const done of putTiles(there, own.tiles, job.options)) {
      if (before !== undefined) job.gained = true;
      before = done;
      yield { view, event: "uploading", data: { upload: "resumable", done, total: own.cut.total } };
    }
  }
}
