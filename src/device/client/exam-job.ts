/**
 * @module
 * An exam as a job of the service: sent tile by tile, computed whether this program runs or not, fetched, deleted.
 */
import type { ModelDetail } from "../../contract/service.ts";
import { GlamError } from "../../glam/problem.ts";
import { type View, views } from "../../glam/view.ts";
import type { Preprocessed } from "../preprocess/index.ts";
import { ConnectionError, ProblemError } from "./errors.ts";
import {
  type ExamEvent,
  type ExamImages,
  type ExamResult,
  type JobEvent,
  type KeptExam,
  summarise,
  type ViewResult,
} from "./exam-result.ts";
import { asExam, asExamImages, type ExamStanding } from "./exam-state.ts";
import { type Connection, call, callJson } from "./http.ts";
import { CALL_MS, type DigestedTile, digestTiles, putTiles } from "./put-tiles.ts";
import { RETRIES, retryDelay } from "./retry.ts";
import { openImage, type SegmentOptions } from "./segment.ts";
import { type CutCanvas, cutCanvas } from "./segment-canvas.ts";
import { asUploadState } from "./upload-state.ts";
import { waitToRetry } from "./wait-to-retry.ts";
import { pause } from "./within.ts";

/** What a job needs besides. */
export type JobOptions = {
  /**
   * Made at random once for each exam (`crypto.randomUUID()`) and stored before the run begins: a run with the same key and images
   * goes on with the same exam.
   */
  idempotencyKey: string;
  /** Of an earlier run's event `exam`: the exam is found though the images are prepared differently now. */
  examId?: string | undefined;
  /** Address that the service tells when the exam is finished, on a host that it lists. */
  webhook?: string | undefined;
  /** Leaves the exam at the service after its result has arrived; default false. */
  keepExam?: boolean | undefined;
};

type JobRun = Omit<SegmentOptions, "view" | "resume" | "model"> & JobOptions & { model: ModelDetail };

/** A view that is ready to be sent. */
type ReadyView = { view: View; preprocessed: Preprocessed; cut: CutCanvas; tiles: DigestedTile[] };

/** The whole of a result: several answers with their maps. */
const RESULT_MS = 660_000;
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

async function readyView(view: View, image: ExamImages[View] & {}, options: JobRun): Promise<ReadyView> {
  const own = "image" in image ? image : { image };
  const prepare = await openImage(own.image, options.preprocess);
  const preprocessed = await prepare(options.model, { ...options, ...own, view }, options.signal);
  const cut = await cutCanvas(preprocessed.canvas, options);
  return { view, preprocessed, cut, tiles: digestTiles(cut.tiles) };
}

/** Opens or finds the exam, sends what is missing, waits, and fetches. @throws ProblemError, ConnectionError */
async function* settle(job: Job, results: Partial<Record<View, ViewResult>>): AsyncGenerator<ExamEvent, void, void> {
  const { options, ready } = job;
  let exam = await find(job);
  job.examId = exam.id;
  yield tell(exam, options);
  if (exam.state === "receiving") yield* sendViews(job, exam);
  for (let lookMs = FIRST_LOOK_MS; isOpen(exam); lookMs = Math.min(lookMs * 1.5, MOST_LOOK_MS)) {
    const before = JSON.stringify([exam.state, exam.progress]);
    exam = asExam(await callJson(options, { path: pathOf(exam.id), timeoutMs: CALL_MS }));
    if (JSON.stringify([exam.state, exam.progress]) !== before) {
      job.gained = true;
      yield tell(exam, options);
    }
    if (isOpen(exam)) await pause(lookMs, options.signal);
  }
  if (exam.state === "expired")
    throw new GlamError("exam-not-found", "The exam has expired at the service; begin anew.");
  const fetched = await callJson(options, { path: `${pathOf(exam.id)}/result`, timeoutMs: RESULT_MS });
  for (const { view, answer, problem } of asExamImages(fetched)) {
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
const pathOf = (id: string): string => `/v1/exams/${id}`;

const tell = (
  { id, state, progress }: ExamStanding,
  { idempotencyKey }: JobOptions,
): { view: undefined } & JobEvent => ({
  view: undefined,
  event: "exam",
  data: { kept: { examId: id, idempotencyKey }, state, progress },
});

/** The exam that is known, or the one that the key opens. */
async function find({ examId, options, ready }: Job): Promise<ExamStanding> {
  if (examId !== undefined) return asExam(await callJson(options, { path: pathOf(examId), timeoutMs: CALL_MS }));
  const { model, regions, threshold, minAreaMm2, outputs, webhook, idempotencyKey } = options;
  const [{ cut }] = ready;
  const images = ready.map(({ view, preprocessed, cut }) => ({
    view,
    ...(preprocessed.pixelSpacing === undefined ? {} : { pixelSpacing: preprocessed.pixelSpacing }),
    tiles: cut.tiles.map(({ row, col }) => [row, col]),
    bytes: cut.total,
  }));
  const asked = { model: model.manifest.name, regions, threshold, minAreaMm2, outputs, images };
  const body = {
    ...asked,
    canvas: cut.canvas,
    tile: cut.tile,
    ...(webhook === undefined ? {} : { webhook: { url: webhook } }),
  };
  const opened = await callJson(options, {
    method: "POST",
    path: "/v1/exams",
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: JSON.stringify(body),
    timeoutMs: CALL_MS,
  });
  return asExam(opened);
}

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

/** Deletes an exam at the service with everything: nobody wants it any more. @throws ProblemError, ConnectionError */
export async function deleteExam(examId: KeptExam["examId"], connection: Connection): Promise<void> {
  await call(connection, { method: "DELETE", path: pathOf(examId), timeoutMs: CALL_MS });
}
