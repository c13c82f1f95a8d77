/**
 * @module
 * What a job says to the service: the exam that it opens, looks at, fetches and deletes. Each call throws ProblemError,
 * ConnectionError, or the signal's reason.
 */
import type { ExamResultImage } from "../../contract/exam.ts";
import type { ModelDetail } from "../../contract/service.ts";
import type { View } from "../../glam/view.ts";
import type { Preprocessed } from "../preprocess/index.ts";
import type { ExamImages } from "./exam-result.ts";
import { asExam, asExamImages, type ExamStanding } from "./exam-state.ts";
import { type Connection, call, callJson } from "./http.ts";
import { CALL_MS, type DigestedTile, digestTiles } from "./put-tiles.ts";
import { openImage, type SegmentOptions } from "./segment.ts";
import { type CutCanvas, cutCanvas } from "./segment-canvas.ts";

/** The whole of a result: several answers with their maps. */
const RESULT_MS = 660_000;

const pathOf = (id: string): string => `/v1/exams/${id}`;

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

/** A job with its model. */
export type JobRun = Omit<SegmentOptions, "view" | "resume" | "model"> & JobOptions & { model: ModelDetail };

/** A view that is ready to be sent. */
export type ReadyView = { view: View; preprocessed: Preprocessed; cut: CutCanvas; tiles: DigestedTile[] };

/** @throws GlamError when the image cannot be prepared */
export async function readyView(view: View, image: ExamImages[View] & {}, options: JobRun): Promise<ReadyView> {
  const own = "image" in image ? image : { image };
  const prepare = await openImage(own.image, options.preprocess);
  const preprocessed = await prepare(options.model, { ...options, ...own, view }, options.signal);
  const cut = await cutCanvas(preprocessed.canvas, options);
  return { view, preprocessed, cut, tiles: digestTiles(cut.tiles) };
}

/** The exam that is known, or the one that the key opens. */
export async function findExam(
  ready: readonly ReadyView[],
  options: JobRun,
  examId: string | undefined,
): Promise<ExamStanding> {
  if (examId !== undefined) return lookAtExam(examId, options);
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

/** How an exam stands. */
export const lookAtExam = async (id: string, connection: Connection): Promise<ExamStanding> =>
  asExam(await callJson(connection, { path: pathOf(id), timeoutMs: CALL_MS }));

/** What became of the images of a finished exam. */
export const fetchResult = async (id: string, connection: Connection): Promise<ExamResultImage[]> =>
  asExamImages(await callJson(connection, { path: `${pathOf(id)}/result`, timeoutMs: RESULT_MS }));

/** Deletes an exam at the service with everything: nobody wants it any more. */
export async function deleteExam(examId: string, connection: Connection): Promise<void> {
  await call(connection, { method: "DELETE", path: pathOf(examId), timeoutMs: CALL_MS });
}
