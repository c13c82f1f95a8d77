/**
 * @module
 * How an exam goes on: pure rules over its record. Times in milliseconds since the epoch.
 */
import type { ExamState } from "../../contract/exam.ts";
import type { ExamOpening, ExamRecord, ImageProgress } from "./protocol.ts";

/** An image whose tries failed so often has failed. */
export const MOST_FAILURES = 5;
/** So has one whose tries ended so often without a word: its process was killed, perhaps by the image itself. */
export const MOST_INTERRUPTIONS = 8;

/** Uploads are asked by themselves what is there: a word of theirs may be lost. */
const LOOK_MS = 5_000;
const MOST_LOOK_MS = 60_000;

const RETRY_MS = 1_000;
const MOST_RETRY_MS = 60_000;

/** The record of a new exam. */
export function openRecord(
  { object, reference, fingerprint, endsAt, ttlMs, images }: ExamOpening,
  now: number,
): ExamRecord {
  const image: ImageProgress = {
    state: "receiving",
    tries: 0,
    failures: 0,
    interruptions: 0,
    dueAt: 0,
    answerBytes: 0,
  };
  return {
    object,
    reference,
    fingerprint,
    state: "receiving",
    finished: false,
    expiresAt: Math.min(now + ttlMs, endsAt),
    endsAt,
    ttlMs,
    images: Array.from({ length: images }, () => ({ ...image })),
    lookAt: now + LOOK_MS,
    lookMs: LOOK_MS,
  };
}

/** The record with one image changed, and what follows from that for the exam. */
export function withImage(record: ExamRecord, index: number, change: Partial<ImageProgress>, now: number): ExamRecord {
  const images = record.images.map((image, i) => (i === index ? { ...image, ...change } : image));
  return { ...record, images, state: stateOf(images), expiresAt: Math.min(now + record.ttlMs, record.endsAt) };
}

/** After the uploads were asked: when to ask again; soon after something came. */
export function looked(record: ExamRecord, gained: boolean, now: number): ExamRecord {
  const lookMs = gained ? LOOK_MS : Math.min(record.lookMs * 2, MOST_LOOK_MS);
  return { ...record, lookMs, lookAt: now + lookMs };
}

/** Whether an image is computed or has failed. */
export const isDone = ({ state }: ImageProgress): boolean =>
  state === "complete" || state === "partial" || state === "failed";

/** Whether an exam's images are all done, or gone. */
export const isFinished = (state: ExamState): boolean => !["receiving", "queued", "running"].includes(state);

/** Where an exam with these images stands. */
function stateOf(images: readonly ImageProgress[]): ExamState {
  if (images.every(isDone)) {
    if (images.every(({ state }) => state === "complete")) return "complete";
    return images.every(({ state }) => state === "failed") ? "failed" : "partial";
  }
  if (images.some(({ state }) => state === "receiving")) return "receiving";
  return images.some((image) => image.state === "running" || isDone(image)) ? "running" : "queued";
}

/** The image to compute now: the one that has waited longest. */
export function nextImage({ images }: ExamRecord, now: number): number | undefined {
  const due = images.map(({ state, dueAt }, index) => ({ state, dueAt, index }));
  const ready = due.filter(({ state, dueAt }) => state === "queued" && dueAt <= now);
  return ready.sort((a, b) => a.dueAt - b.dueAt || a.index - b.index)[0]?.index;
}

/** Pause before the next try; none before the second one after an interruption. */
const pause = (times: number): number => (times < 1 ? 0 : Math.min(RETRY_MS * 2 ** (times - 1), MOST_RETRY_MS));

/** An image whose try failed: it is tried again later, or has failed. */
export function afterFailure({ failures }: ImageProgress, now: number): Partial<ImageProgress> {
  const count = failures + 1;
  return count < MOST_FAILURES
    ? { failures: count, state: "queued", dueAt: now + pause(count) }
    : { failures: count, state: "failed" };
}

/** The same of one whose try ended without a word. */
export function afterInterruption({ interruptions }: ImageProgress, now: number): Partial<ImageProgress> {
  const count = interruptions + 1;
  return count < MOST_INTERRUPTIONS
    ? { interruptions: count, state: "queued", dueAt: now + pause(count - 1) }
    : { interruptions: count, state: "failed" };
}

/** When the object must be woken next. @param others when webhooks, or bytes to be deleted, are due */
export function wakeAt(record: ExamRecord | undefined, others: readonly number[]): number | undefined {
  const times = [...others];
  if (record) {
    times.push(record.expiresAt);
    if (record.state === "receiving") times.push(record.lookAt);
    else if (!record.finished) {
      const open = record.images.filter(({ state }) => state === "queued" || state === "running");
      times.push(...(open.length > 0 ? open.map(({ dueAt }) => dueAt) : [0]));
    }
  }
  return times.length === 0 ? undefined : Math.min(...times);
}
