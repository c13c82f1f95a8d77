/**
 * @module
 * An exam's states as events: one when the stream begins, one for each change, the last one when the exam is finished.
 */
import type { Exam, Problem } from "../../contract/index.ts";
import { isFinished } from "../exams/exam-record.ts";
import { describeError, type Log } from "./problem-document.ts";

/** How the exam stands, or why the stream cannot go on. */
export type ExamEvent = { event: "exam"; data: Exam } | { event: "problem"; data: Problem };

/** How often the exam is asked, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Ends when the exam is finished, or when the signal is aborted: whoever wants more asks again.
 * @param look how the exam stands now; what it throws is the last event
 */
export async function* examEvents(
  first: Exam,
  look: () => Promise<Exam>,
  signal: AbortSignal,
  log: Log,
  pauseMs: number = LOOK_MS,
): AsyncGenerator<ExamEvent, void, void> {
  let told = "";
  try {
    for (let exam = first; !signal.aborted; exam = await look()) {
      const text = JSON.stringify(exam);
      if (text !== told) yield { event: "exam", data: exam };
      told = text;
      if (isFinished(exam.state)) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } catch (error) {
    yield { event: "problem", data: describeError(error, log).problem };
  }
}
