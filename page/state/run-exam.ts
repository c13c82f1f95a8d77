/**
 * @module
 * Images of one examination as one exam of the service, which computes it in the background.
 */
import type { View } from "../../src/glam/view.ts";
import type { ExamRunEvent, Failure } from "../worker/protocol.ts";
import type { Exam, Progress, Slot } from "./exam.ts";
import { answered, answerInWords, progressed, type RunOptions, started } from "./run-slot.ts";
import { isOneExam } from "./same-exam.ts";

export type ExamRunOptions = Pick<RunOptions, "ask" | "manifest" | "apiKey" | "announce"> & {
  slots: readonly Slot[];
  change(id: number, part: Partial<Slot> | ((slot: Slot) => Partial<Slot>)): void;
};

/** Whether images go as one exam: two or more of one examination, each view once. */
export const isExamJob = (exam: Pick<Exam, "slots" | "decision">, images: readonly Slot[]): boolean =>
  images.length > 1 && isOneExam(exam) && new Set(images.map(({ view }) => view)).size === images.length;

/** Whether the service refused the exam and may yet take its images one by one. */
export const takesOneByOne = (code: Failure["code"]): boolean =>
  code === "exams-unavailable" || code === "too-many-exams" || code === "upload-too-large";

/** An image that fails does not keep the others from their answers. @throws CallFailed */
export async function runExam({ ask, manifest, apiKey, slots, change, announce }: ExamRunOptions): Promise<void> {
  for (const { id } of slots) change(id, started);
  announce(`Sending ${slots.length} images.`);
  const images = slots.map(({ id, view }) => ({ slot: id, view: view as View }));
  await ask(
    "exam",
    { images, model: manifest.name, ...(apiKey === "" ? {} : { apiKey }) },
    {
      tell: ({ slot, event }) => {
        change(slot, (current) => told(current, event));
        if (event.kind === "answer") announce(answerInWords(event.answer));
      },
    },
  );
}

function told(slot: Slot, event: ExamRunEvent["event"]): Partial<Slot> {
  switch (event.kind) {
    case "standing":
      return { progress: { sent: 0, total: 0, ...slot.progress, phase: phaseOf(event.state) } };
    case "answer":
      return answered(event.answer, event.maps);
    case "failed":
      return { stage: "failed", failure: event.failure, progress: undefined };
    default:
      return progressed(slot, event);
  }
}

function phaseOf(state: (ExamRunEvent["event"] & { kind: "standing" })["state"]): Progress["phase"] {
  if (state === "receiving") return "upload";
  if (state === "queued") return "waiting";
  return state === "running" ? "computing" : "computed";
}
