/**
 * @module
 * Up to four views of one exam, a few at a time; scores of each breast.
 */
import type { ModelDetail } from "../../contract/service.ts";
import { GlamError } from "../../glam/problem.ts";
import { type View, views } from "../../glam/view.ts";
import { ConnectionError } from "./errors.ts";
import type { JobOptions } from "./exam-calls.ts";
import { jobEvents } from "./exam-job.ts";
import {
  type ExamEvent,
  type ExamImages,
  type ExamResult,
  type ExamView,
  summarise,
  type ViewEvent,
  type ViewResult,
} from "./exam-result.ts";
import { loadModelPatiently } from "./model.ts";
import { interleave } from "./parallel.ts";
import { RETRIES } from "./retry.ts";
import { createRun, type Run } from "./run.ts";
import { type SegmentOptions, segmentEvents } from "./segment.ts";
import { childSignal } from "./within.ts";

/** How an exam is sent: view by view, or as a job that goes on at the service while the program is closed. */
export type ExamOptions = Omit<SegmentOptions, "view" | "resume"> & {
  /** Views under way at once, default 2; of a job all go one after the other. */
  concurrency?: number | undefined;
} & ({ mode?: "views" | undefined } | ({ mode: "job" } & JobOptions));

/**
 * Segments the views of one exam. A failed view does not affect the others: its error is in the result. The run throws when
 * the model cannot be loaded, and the signal's reason.
 * @example
 * const { breasts, views } = await segmentExam({ "L-CC": lcc, "L-MLO": { image: lmlo, pixelSpacing: 0.07 } }, { url });
 * @example
 * const run = segmentExam(images, { url, mode: "job", idempotencyKey: crypto.randomUUID() });
 */
export const segmentExam = (images: ExamImages, options: ExamOptions): Run<ExamEvent, ExamResult> =>
  createRun(examEvents(images, options));

async function* examEvents(images: ExamImages, options: ExamOptions): AsyncGenerator<ExamEvent, ExamResult, void> {
  const model = yield* examModel(options);
  if (options.mode === "job") return yield* jobEvents(images, { ...options, model });
  const results: Partial<Record<View, ViewResult>> = {};
  const stop = childSignal(options.signal);
  const runs = views.flatMap((view) => {
    const image = images[view];
    return image === undefined ? [] : [viewEvents(view, image, { ...options, model, signal: stop.signal })];
  });
  try {
    for await (const event of interleave(runs, Math.max(1, options.concurrency ?? 2))) {
      if (event.event === "result") results[event.view] = { status: "complete", ...event.data };
      if (event.event === "failed") results[event.view] = { status: "failed", error: event.data.error };
      yield event;
    }
  } finally {
    stop.end();
  }
  return summarise(results);
}

async function* examModel(options: ExamOptions): AsyncGenerator<ExamEvent, ModelDetail, void> {
  if (typeof options.model === "object") return options.model;
  const loading = loadModelPatiently(options, options.model, options.retries ?? RETRIES);
  for (;;) {
    const step = await loading.next();
    if (step.done) return step.value;
    yield { view: undefined, ...step.value };
  }
}

/** The events of one view; what it fails with becomes the last one. */
async function* viewEvents(
  view: View,
  image: ExamView,
  options: Omit<SegmentOptions, "view">,
): AsyncGenerator<ViewEvent, void, void> {
  const own = "image" in image ? image : { image };
  try {
    for await (const event of segmentEvents(own.image, { ...options, ...own, view })) yield { view, ...event };
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof GlamError || error instanceof ConnectionError)) throw error;
    yield { view, event: "failed", data: { error } };
  }
}
