/**
 * @module
 * One try of one image: its turn, its answer or failure, each stored before anything else happens.
 */
import type { Segmentation } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import { TurnedAway } from "../admission/turned-away.ts";
import type { Deadline } from "../api/deadline.ts";
import { describeError } from "../api/problem-document.ts";
import type { Services } from "../api/services.ts";
import { isWhole } from "../api/upload-events.ts";
import { jsonBytes } from "./exam-keys.ts";
import { afterFailure, isDone, withImage } from "./exam-record.ts";
import type { ExamStore } from "./exam-store.ts";
import { type OpenedExam, removeUpload } from "./exam-uploads.ts";
import type { ImageFate } from "./image-fate.ts";
import type { ImageProgress } from "./protocol.ts";
import { kindOfFailure, segmentImage } from "./segment-image.ts";

/** Places of an exam that was turned away: among exams, and among all. */
export type Tickets = { turn?: string | undefined; gate?: string | undefined };

/** What one try works with. */
export type Try = {
  exam: OpenedExam;
  image: number;
  store: ExamStore;
  /** Settles when all that was written is on the disk. */
  flush: () => Promise<void>;
  services: Services;
  deadline: Deadline;
  tickets: Tickets;
};

/** When others are in the way and do not say for how long. */
const LATER_MS = 2_000;

/** Never throws; what became of the try is in the exam's record. */
export async function computeImage(work: Try): Promise<void> {
  const { exam, image, flush, services, deadline, tickets } = work;
  let begun = false;
  let at: keyof Tickets = "turn";
  const begin = async (): Promise<void> => {
    begun = true;
    tickets.gate = undefined;
    // Counted first: an image that kills its process must not be tried for ever.
    change(work, ({ tries }) => ({ state: "running", tries: tries + 1 }));
    await flush();
  };
  try {
    const turn = await services.examTurns.enter(deadline.signal, tickets.turn);
    tickets.turn = undefined;
    at = "gate";
    try {
      const { upload } = exam.images[image];
      const { object, sessions } = exam;
      const run = { upload, exam: object, sessions, services, deadline, ticket: tickets.gate, begun: begin };
      await keepAnswer(work, await segmentImage(run));
    } finally {
      turn.release();
    }
  } catch (error) {
    if (error instanceof TurnedAway) tickets[at] = error.ticket;
    await keepFailure(work, error, begun);
  }
  await flush();
  if (isOver(work)) await removeUpload(exam, image);
}

/** Stores an answer. One that another try may mend counts as a failure, and is kept in case none does. */
async function keepAnswer(work: Try, answer: Segmentation): Promise<void> {
  const { scores, status } = answer;
  const { benign, malignant } = scores;
  const sealed = await work.exam.seal.seal(jsonBytes(answer), `answer ${work.image}`);
  const next = (progress: ImageProgress, now: number): Partial<ImageProgress> => ({
    ...(status === "complete" || isWhole(answer) ? { state: status } : orPartial(afterFailure(progress, now))),
    answerBytes: sealed.length,
  });
  const fate = await sealedFate(work, { scores: { benign, malignant } });
  await work.store.putAnswer(sealed, (key) => change(work, next, fate, key));
}

async function keepFailure(work: Try, error: unknown, begun: boolean): Promise<void> {
  const kind = kindOfFailure(error, begun);
  if (kind === "later") {
    const waitMs = error instanceof GlamError && error.retryAfter ? error.retryAfter * 1000 : LATER_MS;
    const refunded = begun ? 1 : 0;
    change(work, ({ tries }, now) => ({ state: "queued", tries: tries - refunded, dueAt: now + waitMs }));
    return;
  }
  const { problem } = describeError(error, work.services.log);
  const answered = work.store.hasAnswer(work.image);
  const fate = answered ? undefined : await sealedFate(work, { problem });
  const next = (progress: ImageProgress, now: number): Partial<ImageProgress> => {
    const failed = kind === "never" ? { state: "failed" as const } : afterFailure(progress, now);
    return answered ? orPartial(failed) : failed;
  };
  change(work, next, fate);
}

/** An image that has an answer, if not a whole one, has not failed. */
export const orPartial = (change: Partial<ImageProgress>): Partial<ImageProgress> =>
  change.state === "failed" ? { ...change, state: "partial" } : change;

const sealedFate = ({ exam, image }: Try, fate: ImageFate): Promise<Uint8Array<ArrayBuffer>> =>
  exam.seal.seal(jsonBytes(fate), `fate ${image}`);

/** Stores the image's new state. @param answer key of its bytes @returns false when the exam was deleted meanwhile */
function change(
  { exam, image, store }: Try,
  next: (progress: ImageProgress, now: number) => Partial<ImageProgress>,
  fate?: Uint8Array<ArrayBuffer>,
  answer?: string,
): boolean {
  const record = store.record();
  if (record?.reference !== exam.reference || record.images[image] === undefined) return false;
  const now = Date.now();
  store.settle(withImage(record, image, next(record.images[image], now), now), image, fate, answer);
  return true;
}

/** Whether there is nothing left to do for the image, or nothing left of it. */
const isOver = ({ exam, image, store }: Try): boolean => {
  const record = store.record();
  const progress = record?.images[image];
  return record?.reference === exam.reference && (progress === undefined || isDone(progress));
};
