/**
 * @module
 * What goes into an exam and what comes out, however it is sent.
 */
import type { Exam, ExamState } from "../../contract/exam.ts";
import { examScores, type ViewMeans } from "../../glam/exam-scores.ts";
import { type View, views } from "../../glam/view.ts";
import type { PreprocessOptions } from "../preprocess/index.ts";
import type { SegmentationError } from "./errors.ts";
import type { SegmentEvent, SegmentResult, SourceImage } from "./segment.ts";
import type { RetryEvent, UploadKeeping } from "./send.ts";

/** One view; the exam's options apply where it sets none. */
export type ExamView =
  | SourceImage
  | ({ image: SourceImage } & Omit<PreprocessOptions, "view"> & Pick<UploadKeeping, "resume">);

/** The given views. */
export type ExamImages = Partial<Record<View, ExamView>>;

/** What became of one view. */
export type ViewResult = ({ status: "complete" } & SegmentResult) | { status: "failed"; error: SegmentationError };

/** Means over views, of the uncalibrated scores: a calibration is fitted on views and holds for a view alone. */
export type MeanScores = ViewMeans & { calibrated: false };

/** Those of the views of one breast. */
export type BreastScores = MeanScores;

export type ExamResult = {
  /** `partial`: some views failed; `failed`: all of them. A view with failed regions is complete here; its answer says so. */
  status: "complete" | "partial" | "failed";
  views: Partial<Record<View, ViewResult>>;
  /** `undefined` for a breast without a view that was judged. */
  breasts: { left: BreastScores | undefined; right: BreastScores | undefined };
  /** The same over all views. */
  patient: MeanScores | undefined;
};

/** An event of a view; the last one of a view is `result` or `failed`. */
export type ViewEvent = { view: View } & (SegmentEvent | { event: "failed"; data: { error: SegmentationError } });

/** An exam at the service: plain JSON, to be stored and given back after a restart. Keep it as secret as the images. */
export type KeptExam = { examId: string; idempotencyKey: string };

/** Of a job: it was opened, or stands differently. */
export type JobEvent = {
  event: "exam";
  data: { kept: KeptExam; state: ExamState; progress: Exam["progress"]; images: ImageStanding[] };
};

/** How one image of a job stands. */
export type ImageStanding = Pick<Exam["images"][number], "view" | "state">;

/** An event of a view, of asking for the model, or of a job. */
export type ExamEvent = ViewEvent | ({ view: undefined } & (RetryEvent | JobEvent));

/** Status and means of what became of the views. */
export function summarise(results: ExamResult["views"]): ExamResult {
  const of = (status: ViewResult["status"]) => views.filter((view) => results[view]?.status === status);
  const [complete, failed] = [of("complete"), of("failed")];
  const status = failed.length === 0 ? "complete" : complete.length === 0 ? "failed" : "partial";
  const given = views.flatMap((view) => {
    const result = results[view];
    return result ? [{ view, scores: result.status === "complete" ? result.answer.scores : undefined }] : [];
  });
  const { left, right, patient } = examScores(given);
  return { status, views: results, breasts: { left: told(left), right: told(right) }, patient: told(patient) };
}

const told = (means: ViewMeans | undefined): MeanScores | undefined => means && { ...means, calibrated: false };
