/**
 * @module
 * Warnings and failures of the report's images.
 */
import type { Exam } from "../state/exam.ts";
import { isOneExam } from "../state/same-exam.ts";
import { slotWarnings } from "../words/slot-warnings.ts";
import { shortName } from "../words/slot-words.ts";

export function ReportWarnings({ exam }: { exam: Exam }) {
  const lines = exam.slots.flatMap((slot) => slotWarnings(slot).map((words) => `${shortName(exam, slot)}: ${words}`));
  if (!isOneExam(exam)) lines.unshift("The images are not of one examination of one patient.");
  if (lines.length === 0) return null;
  return (
    <>
      <h2>Warnings</h2>
      <ul>
        {lines.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </>
  );
}
