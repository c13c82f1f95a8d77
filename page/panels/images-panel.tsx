/**
 * @module
 * The images of the exam, and how to add more.
 */
import { type Exam, MAX_SLOTS } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { FileButton } from "./file-button.tsx";
import { ImageCard } from "./image-card.tsx";

export function ImagesPanel({ session, exam }: { session: Session; exam: Exam }) {
  const room = MAX_SLOTS - exam.slots.length;
  const busy = exam.slots.some(({ stage }) => stage === "running");
  return (
    <section class="panel images" aria-labelledby="images-title">
      <h2 id="images-title">
        Images <span class="muted">{exam.slots.length} of 4</span>
      </h2>
      <ul class="cards">
        {exam.slots.map((slot) => (
          <ImageCard key={slot.id} session={session} exam={exam} slot={slot} active={slot.id === exam.active} />
        ))}
      </ul>
      <div class="row">
        <FileButton session={session} label="Add images" disabled={room === 0} kind="secondary" />
        <button
          type="button"
          class="secondary"
          disabled={busy}
          onClick={() => {
            for (const { id } of exam.slots) session.remove(id);
          }}
        >
          Start over
        </button>
      </div>
    </section>
  );
}
