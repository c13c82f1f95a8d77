/**
 * @module
 * Up to four views of one exam, a few at a time; scores of each breast.
 */
import type { Segmentation } from "../../contract/answer.ts";
import type { ModelDetail } from "../../contract/service.ts";
import { meanScores } from "../../glam/mean-scores.ts";
import { GlamError } from "../../glam/problem.ts";
import { type View, views } from "../../glam/view.ts";
import type { PreprocessOptions } from "../preprocess/index.ts";
import { ConnectionError, type SegmentationError } from "./errors.ts";
import { loadModelPatiently } from "./model.ts";
import { interleave } from "./parallel.ts";
import { RETRIES } from "./retry.ts";
import { createRun, type Run } from "./run.ts";
import {
  type SegmentEvent,
  type SegmentOptions,
  type SegmentResult,
  type SourceImage,
  segmentEvents,
} from "./segment.ts";
import type { RetryEvent, UploadKeeping } from "./send.ts";
import { childSignal } from "./within.ts";

/** One view; the exam's options apply where it sets none. */
export type ExamView =
  | SourceImage
  | ({ image: SourceImage } & Omit<PreprocessOptions, "view"> & Pick<UploadKeeping, "resume">);

/** The given views. */
export type ExamImages = Partial<Record<View, ExamView>>;

export type ExamOptions = Omit<SegmentOptions, "view" | "resume"> & {
  /** Views under way at once, default 2. */
  concurrency?: number | undefined;
};

/** What became of one view. */
export type ViewResult = ({ status: "complete" } & SegmentResult) | { status: "failed"; error: SegmentationError };

/** Means over the views of one breast, of the uncalibrated scores: a calibration is fitted on views and holds for a view alone. */
export type BreastScores = {
  benign: number;
  malignant: number;
  calibrated: false;
  /** The views that count. */
  views: View[];
  /** Views that were given and failed; the means go without them. */
  failed: View[];
};

export type ExamResult = {
  /** `partial`: some views failed; `failed`: all of them. A view with failed regions is complete here; its answer says so. */
  status: "complete" | "partial" | "failed";
  views: Partial<Record<View, ViewResult>>;
  /** `undefined` for a breast without a view that was judged. */
  breasts: { left: BreastScores | undefined; right: BreastScores | undefined };
};

/** An event of a view; the last one of a view is `result` or `failed`. */
export type ViewEvent = { view: View } & (SegmentEvent | { event: "failed"; data: { error: SegmentationError } });

/** An event of a view, or of asking for the model. */
export type ExamEvent = ViewEvent | ({ view: undefined } & RetryEvent);

/**
 * Segments the views of one exam. A failed view does not affect the others: its error is in the result. The run throws when
 * the model cannot be loaded, and the signal's reason.
 * @example
 * const { breasts, views } = await segmentExam({ "L-CC": lcc, "L-MLO": { image: lmlo, pixelSpacing: 0.07 } }, { url });
 */
export const segmentExam = (images: ExamImages, options: ExamOptions): Run<ExamEvent, ExamResult> =>
  createRun(examEvents(images, options));

async function* examEvents(images: ExamImages, options: ExamOptions): AsyncGenerator<ExamEvent, ExamResult, void> {
  const model = yield* examModel(options);
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

function summarise(results: ExamResult["views"]): ExamResult {
  const of = (status: ViewResult["status"]) => views.filter((view) => results[view]?.status === status);
  const [complete, failed] = [of("complete"), of("failed")];
  const status = failed.length === 0 ? "complete" : complete.length === 0 ? "failed" : "partial";
  return { status, views: results, breasts: { left: breastScores(results, "L"), right: breastScores(results, "R") } };
}

function breastScores(results: ExamResult["views"], side: "L" | "R"): BreastScores | undefined {
  const scores: Segmentation["scores"][] = [];
  const judged: View[] = [];
  const failed: View[] = [];
  for (const view of views) {
    const result = results[view];
    if (result === undefined || !view.startsWith(side)) continue;
    if (result.status === "failed") {
      failed.push(view);
      continue;
    }
    judged.push(view);
    scores.push(result.answer.scores);
  }
  const mean = meanScores(scores);
  return mean && { ...mean, calibrated: false, views: judged, failed };
}
