/**
 * @module
 * Stops an exam whose images are not of one examination of one patient, until the user decides.
 */
import type { Exam } from "../state/exam.ts";
import { type Group, type Mismatch, openMismatch } from "../state/same-exam.ts";
import type { Session } from "../state/session.ts";
import { slotName } from "../words/slot-words.ts";
import { subjectLines } from "../words/subject.ts";

const titles: Record<Mismatch["kind"], string> = {
  patient: "These images are not of one patient",
  study: "These images are of different examinations of one patient",
};

export function MismatchNote({ session, exam }: { session: Session; exam: Exam }) {
  const mismatch = openMismatch(exam);
  if (!mismatch) return null;
  const { kind, groups, differences } = mismatch;
  return (
    <div class="mismatch note failure" role="alert">
      <h2>{titles[kind]}</h2>
      <p>Nothing is segmented until you decide. Their files differ in: {differences.join(", ")}.</p>
      <ul>
        {groups.map((group, i) => {
          const name = groupName(exam, group, i);
          return (
            <li key={name} class="row">
              <span>
                <strong>{name}</strong>
                <br />
                <span class="muted">{group.slots.map((slot) => slotName(exam, slot)).join("; ")}</span>
              </span>
              <button type="button" onClick={() => session.keepOnly(group.slots.map(({ id }) => id))}>
                Keep only {group.slots.length === 1 ? "this image" : "these images"}
                <span class="visually-hidden"> of {name}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <div class="row">
        <button type="button" onClick={() => session.decide("apart")}>
          Keep all, each by itself
        </button>
        <button type="button" onClick={() => session.decide("one")}>
          They are one examination
        </button>
      </div>
      <p class="muted small">
        By itself: no scores of a breast. One examination: scores of a breast are means over all of its views here.
      </p>
    </div>
  );
}

/** Without names where they are hidden. */
function groupName({ display }: Exam, { subject, slots }: Group, index: number): string {
  if (subject.sample !== undefined) return `Sample: ${slots[0].name}`;
  const lines = subjectLines(subject);
  if (display.names && lines.length > 0) return lines.join(" · ");
  return `Patient or examination ${index + 1}`;
}
