/**
 * @module
 * How results and grey values are shown.
 */
import { activeSlot, CLASSES, type Exam } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { looks } from "../viewer/class-look.ts";
import type { KnownLesion } from "../worker/protocol.ts";
import { Slider, Toggle } from "./controls.tsx";
import { WindowControls } from "./window-controls.tsx";

export function DisplayPanel({ session, exam }: { session: Session; exam: Exam }) {
  const { display, service } = exam;
  const slot = activeSlot(exam);
  const standard = service.state === "ready" ? service.manifest.threshold : undefined;
  return (
    <section class="panel display" aria-labelledby="display-title">
      <h2 id="display-title">Display</h2>
      <fieldset class="chips">
        <legend>Pixels</legend>
        {[true, false].map((original) => (
          <button
            key={String(original)}
            type="button"
            aria-pressed={display.original === original}
            onClick={() => session.setDisplay({ original })}
          >
            {original ? "Original" : "Model input"}
          </button>
        ))}
      </fieldset>
      <Toggle on={display.names} set={(names) => session.setDisplay({ names })}>
        Name, date, file names
      </Toggle>
      <fieldset class="toggles">
        <legend>Classes</legend>
        {CLASSES.toReversed().map((name) => (
          <Toggle key={name} on={display[name]} set={(on) => session.setDisplay({ [name]: on })}>
            <span class={`swatch ${name}`} aria-hidden="true" /> {looks[name].label}
          </Toggle>
        ))}
      </fieldset>
      <fieldset class="toggles">
        <legend>Drawn over the image</legend>
        {(["marks", "heat", "contours", "boxes"] as const).map((name) => (
          <Toggle key={name} on={display[name]} set={(on) => session.setDisplay({ [name]: on })}>
            {{ marks: "All", heat: "Fill", contours: "Contours", boxes: "Regions" }[name]}
          </Toggle>
        ))}
      </fieldset>
      {slot?.prepared?.known && (
        <>
          <Toggle on={display.known} set={(known) => session.setDisplay({ known })}>
            Known lesions (dotted)
          </Toggle>
          {display.known && <p class="small">{knownWords(slot.prepared.known)}</p>}
        </>
      )}
      <Slider
        label="Fill opacity"
        value={display.opacity}
        max={1}
        step={0.05}
        text={`${Math.round(display.opacity * 100)} %`}
        set={(opacity) => session.setDisplay({ opacity })}
      />
      <Slider
        label="Contour threshold"
        value={display.threshold}
        max={0.99}
        min={0.05}
        step={0.01}
        text={display.threshold.toFixed(2)}
        set={(threshold) => session.setDisplay({ threshold })}
      />
      {standard !== undefined && display.threshold !== standard && (
        <button type="button" class="link" onClick={() => session.setDisplay({ threshold: standard })}>
          Back to the model's threshold, {standard}
        </button>
      )}
      {slot?.prepared && <WindowControls session={session} slot={slot} display={display} />}
    </section>
  );
}

/** A sample's known lesions in words. */
function knownWords(known: readonly KnownLesion[]): string {
  if (known.length === 0) return "This sample has no lesion.";
  return `This sample has: ${known.map(({ kind, words }) => `${words} (${kind})`).join(", ")}.`;
}
