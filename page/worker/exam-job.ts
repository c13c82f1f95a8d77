/**
 * @module
 * Images of one examination as a job of the service: it goes on there while the connection is broken.
 */
import {
  type Connection,
  ConnectionError,
  deleteExam,
  type ExamEvent,
  type ExamImages,
  type JobOptions,
  segmentExam,
} from "../../src/device/client/index.ts";
import type { GreyImage, Preprocessed } from "../../src/device/preprocess/index.ts";
import type { View } from "../../src/glam/view.ts";
import { failureOf } from "./failure.ts";
import { readMaps } from "./live-maps.ts";
import type { ExamRunEvent } from "./protocol.ts";

/** An image that is prepared; each view once. */
export type JobImage = { slot: number; view: View; image: GreyImage; prepared: Preprocessed };

type Job = { prepared: readonly Preprocessed[]; kept: Pick<JobOptions, "idempotencyKey" | "examId"> };

/** The one that a broken connection left at the service. */
let left: Job | undefined;

/**
 * Sends the images, waits, and tells each answer; goes on with the exam of an earlier run that lost its connection. An exam that
 * nobody waits for any more is deleted.
 * @throws GlamError, ConnectionError, or the signal's reason
 */
export async function runExamJob(
  images: readonly JobImage[],
  { model, signal, ...connection }: Connection & { model: string; signal: AbortSignal },
  tell: (event: ExamRunEvent) => void,
): Promise<void> {
  const job = jobOf(images, connection);
  left = undefined;
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => {
      // One that is being opened is awaited in the background: it cannot be deleted without its id.
      if (job.kept.examId !== undefined) stop.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
  });
  const preparedOf = (view: View | undefined) => images.find((one) => one.view === view)?.prepared;
  const run = segmentExam(Object.fromEntries(images.map(({ view, image }) => [view, image])) as ExamImages, {
    ...connection,
    ...job.kept,
    model,
    signal: stop.signal,
    mode: "job",
    preprocess: async (_image, _spec, { view }) => preparedOf(view) as Preprocessed,
  });
  const follow = async () => {
    for await (const event of run) {
      if (event.event === "exam") job.kept = event.data.kept;
      signal.throwIfAborted();
      // Others may hold all places for an hour: the caller has another way.
      if (event.event === "retry" && event.data.error.code === "too-many-exams") throw event.data.error;
      for (const { slot, view } of images) for (const own of eventsOf(event, view)) tell({ slot, event: own });
    }
  };
  const followed = follow().catch((error: unknown) => {
    if (error instanceof ConnectionError && !signal.aborted) left = job;
    else giveUp(job, connection);
    throw error;
  });
  await Promise.race([followed, aborted]);
}

/** The exam that was left, if it is of these images. */
function jobOf(images: readonly JobImage[], connection: Connection): Job {
  const prepared = images.map((one) => one.prepared);
  if (left && prepared.length === left.prepared.length && left.prepared.every((one, i) => one === prepared[i])) {
    return left;
  }
  if (left) giveUp(left, connection);
  // `crypto.randomUUID` is missing where the page is not served by https.
  return { prepared, kept: { idempotencyKey: crypto.getRandomValues(new Uint32Array(4)).join("-") } };
}

/** Nobody waits for it: if the service cannot be reached, the exam expires there. */
function giveUp({ kept: { examId } }: Job, connection: Connection): void {
  if (examId !== undefined) void deleteExam(examId, connection).catch(() => {});
}

/** What an event says of a view. */
function eventsOf(event: ExamEvent, view: View): ExamRunEvent["event"][] {
  switch (event.event) {
    case "retry":
      return [{ kind: "retry" }];
    case "exam":
      return event.data.images.flatMap((own) => (own.view === view ? [{ kind: "standing", state: own.state }] : []));
    case "uploading":
      return event.view === view ? [{ kind: "upload", sent: event.data.done, total: event.data.total }] : [];
    case "failed":
      return event.view === view ? [{ kind: "failed", failure: failureOf(event.data.error) }] : [];
    case "result": {
      if (event.view !== view) return [];
      const { answer } = event.data;
      return [{ kind: "answer", answer, maps: answer.saliency && readMaps(answer.saliency) }];
    }
    default:
      return [];
  }
}
