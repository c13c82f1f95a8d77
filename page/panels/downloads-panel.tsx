/**
 * @module
 * Results as files.
 */
import { useState } from "preact/hooks";
import { answerJson } from "../downloads/answer-json.ts";
import { overlayPng } from "../downloads/overlay-png.ts";
import { saveFile } from "../downloads/save.ts";
import { activeSlot, type Exam, type Slot } from "../state/exam.ts";
import { failureOf, type Session } from "../state/session.ts";
import type { Failure } from "../worker/protocol.ts";
import { FailureNote } from "./failure-note.tsx";

export function DownloadsPanel({ session, exam }: { session: Session; exam: Exam }) {
  const slot = activeSlot(exam);
  const [failure, setFailure] = useState<Failure>();
  if (!slot?.answer) return null;
  const save = (make: (slot: Slot) => Promise<void>) => async () => {
    setFailure(undefined);
    try {
      await make(slot);
      session.announce("The file is saved.");
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  // Without the source's name, because files are passed on.
  const name = `glam-${slot.view}-${slot.answer.id.slice(0, 8)}`;
  return (
    <section class="panel downloads" aria-labelledby="downloads-title">
      <h2 id="downloads-title">Download</h2>
      <div class="chips">
        <button type="button" onClick={() => print()}>
          Report (print)
        </button>
        <button
          type="button"
          onClick={save(async (of) => saveFile(`${name}.png`, "image/png", await overlayPng(of, exam.display)))}
        >
          Picture (PNG)
        </button>
        <button
          type="button"
          onClick={save(async (of) => saveFile(`${name}.json`, "application/json", answerJson(of, exam.display)))}
        >
          Answer and contours (JSON)
        </button>
        {slot.source?.format === "dicom" && (
          <button
            type="button"
            onClick={save(async ({ id }) =>
              saveFile(`${name}.dcm`, "application/dicom", await session.dicomSegmentation(id)),
            )}
          >
            Segmentation (DICOM)
          </button>
        )}
      </div>
      {slot.source?.format === "dicom" && (
        <p class="muted small">
          The DICOM file repeats patient and study of the original. It is made here and not sent.
        </p>
      )}
      {failure && <FailureNote failure={failure} />}
    </section>
  );
}
