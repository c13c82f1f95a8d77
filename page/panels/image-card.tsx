/**
 * @module
 * One image on the left: name, view, preparation and warnings.
 */
import { useState } from "preact/hooks";
import { views } from "../../src/phantom/index.ts";
import type { Exam, Slot } from "../state/exam.ts";
import { readSpacing, type Session } from "../state/session.ts";
import { describePreparation, warningWords } from "../words/preparation.ts";
import { slotName } from "../words/slot-words.ts";
import { FailureNote } from "./failure-note.tsx";
import { PreviewPicture } from "./preview-picture.tsx";

type CardProps = { session: Session; exam: Exam; slot: Slot; active: boolean };

export function ImageCard({ session, exam, slot, active }: CardProps) {
  const name = slotName(exam, slot);
  const { id, source, prepared, stage } = slot;
  const busy = stage === "reading" || stage === "preparing";
  return (
    <li class={`card ${active ? "active" : ""} ${slot.view === undefined ? "asks" : ""}`}>
      <header>
        <button type="button" class="name" aria-pressed={active} onClick={() => session.activate(id)} title={name}>
          {name}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`Remove ${name}`}
          disabled={stage === "running"}
          onClick={() => session.remove(id)}
        >
          ✕
        </button>
      </header>
      {busy && <p class="muted">{stage === "reading" ? "Reading the image…" : "Preparing the image…"}</p>}
      {source && (
        <div class="pictures">
          <figure>
            <PreviewPicture
              preview={source.preview}
              label="The original image"
              {...(prepared ? { crop: { box: prepared.crop, of: source } } : {})}
            />
            <figcaption>
              Original
              <br />
              {source.width} × {source.height}
            </figcaption>
          </figure>
          {prepared && (
            <>
              <span class="arrow" aria-hidden="true">
                →
              </span>
              <figure>
                <PreviewPicture preview={prepared.preview} label="The image as the model sees it" />
                <figcaption>
                  Model input
                  <br />
                  {prepared.canvas.width} × {prepared.canvas.height}
                </figcaption>
              </figure>
            </>
          )}
        </div>
      )}
      {source && <Fields session={session} slot={slot} />}
      {prepared && source && <p class="muted small steps">{describePreparation(prepared, source)}</p>}
      {[...(source?.notes ?? []), ...(prepared?.warnings.map(warningWords) ?? [])].map((text) => (
        <p key={text} class="note warning">
          <strong>Note:</strong> {text}
        </p>
      ))}
      {slot.failure && stage === "failed" && <FailureNote failure={slot.failure} />}
    </li>
  );
}

const guessed: Record<NonNullable<Slot["viewFrom"]>, string> = {
  file: "from the file",
  name: "guessed from the name; check it",
  user: "",
  sample: "",
};

function Fields({ session, slot }: { session: Session; slot: Slot }) {
  const { id, view, viewFrom, spacing, stage } = slot;
  const [typed, setTyped] = useState(spacing);
  const wrong = typed.trim() !== "" && readSpacing(typed) === undefined;
  const locked = stage === "running";
  return (
    <div class="fields">
      <label>
        <span>View</span>
        <select
          value={view ?? ""}
          disabled={locked}
          onChange={({ currentTarget: { value } }) => {
            const chosen = views.find((known) => known === value);
            if (chosen) void session.setView(id, chosen);
          }}
        >
          {view === undefined && <option value="">Choose…</option>}
          {views.map((known) => (
            <option key={known} value={known}>
              {known}
            </option>
          ))}
        </select>
        {viewFrom && guessed[viewFrom] && <span class="muted small">{guessed[viewFrom]}</span>}
        {view === undefined && <span class="attention small">Choose the view to go on.</span>}
      </label>
      <label>
        <span>Pixel spacing (mm)</span>
        <input
          type="text"
          inputMode="decimal"
          autocomplete="off"
          placeholder="unknown"
          value={typed}
          disabled={locked}
          aria-invalid={wrong}
          onInput={({ currentTarget: { value } }) => setTyped(value)}
          onChange={({ currentTarget: { value } }) => {
            if (value.trim() === "" || readSpacing(value) !== undefined) void session.setSpacing(id, value);
          }}
        />
        {wrong && <span class="attention small">A number of millimetres, for example 0.07.</span>}
      </label>
    </div>
  );
}
