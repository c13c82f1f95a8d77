/**
 * @module
 * The button that starts segmentation, and its progress.
 */
import type { Exam, Slot } from "../state/exam.ts";
import { openMismatch } from "../state/same-exam.ts";
import type { Session } from "../state/session.ts";
import { subjectOf } from "../state/subject.ts";
import { describeProgress } from "../words/slot-words.ts";

export function RunBar({ session, exam }: { session: Session; exam: Exam }) {
  const { slots, service } = exam;
  const running = slots.filter(({ stage }) => stage === "running");
  const ready = slots.filter(({ stage, prepared }) => prepared && (stage === "ready" || stage === "failed"));
  const twice = slots.some(
    ({ view }, i) => view !== undefined && slots.findIndex((other) => other.view === view) !== i,
  );
  const stopped = openMismatch(exam) !== undefined;
  const unnamed = slots.length > 1 && slots.some((slot) => slot.source && subjectOf(slot) === undefined);
  return (
    <section class="run-bar" aria-label="Segmentation">
      {running.length > 0 ? (
        <>
          {running.map((slot) => (
            <Bar key={slot.id} name={slot.view ?? ""} {...describeProgress(slot)} />
          ))}
          <button type="button" class="secondary" onClick={() => session.cancel()}>
            Cancel
          </button>
        </>
      ) : (
        <>
          <button
            type="button"
            class="primary"
            disabled={ready.length === 0 || service.state !== "ready" || stopped}
            onClick={() => void session.segment()}
          >
            {ready.length > 1 ? `Segment ${ready.length} images` : "Segment"}
          </button>
          <p class="muted small">
            {stopped ? "Decide first which images belong together." : hint(slots, ready.length)}
          </p>
          {unnamed && (
            <p class="attention small">
              Not every file names its patient. Make sure that all images are of one woman and one examination.
            </p>
          )}
          {twice && <p class="attention small">Two images have the same view. Scores of a breast count both.</p>}
        </>
      )}
    </section>
  );
}

/** What the button will do, or why it is disabled. */
function hint(slots: readonly Slot[], ready: number): string {
  const some = (stage: Slot["stage"]) => slots.some((slot) => slot.stage === stage);
  if (ready > 0)
    return "Sends the pixels of the model input as small tiles. File names, headers and the original stay here.";
  if (some("reading") || some("preparing")) return "The image is being prepared in your browser.";
  if (some("view-needed")) return "Choose the view of the image first.";
  if (some("done")) return "Segmented. The results are in this browser only.";
  return "There is nothing to segment. Add another image.";
}

function Bar({ name, text, share }: { name: string; text: string; share?: number }) {
  return (
    <div class="progress">
      <p>
        <strong>{name}</strong> <span>{text}</span>
      </p>
      <progress max={1} aria-label={`${name}: ${text}`} {...(share === undefined ? {} : { value: share })} />
    </div>
  );
}
