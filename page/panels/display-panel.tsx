/**
 * @module
 * How results and grey values are shown.
 */
import { activeSlot, CLASSES, type Display, type Exam, type Slot } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { looks } from "../viewer/class-look.ts";
import { presetNames, presets, presetWindow } from "../viewer/grey-window.ts";
import { fileWindow, greyLevelsOf, shownWindow } from "../viewer/picture.ts";

export function DisplayPanel({ session, exam }: { session: Session; exam: Exam }) {
  const { display, service } = exam;
  const slot = activeSlot(exam);
  const standard = service.state === "ready" ? service.manifest.threshold : undefined;
  return (
    <section class="panel display" aria-labelledby="display-title">
      <h2 id="display-title">Display</h2>
      <fieldset class="toggles">
        <legend>Classes</legend>
        {CLASSES.toReversed().map((name) => (
          <Toggle key={name} on={display[name]} set={(on) => session.setDisplay({ [name]: on })}>
            <span class={`swatch ${name}`} aria-hidden="true" /> {looks[name].label}
          </Toggle>
        ))}
      </fieldset>
      <fieldset class="toggles">
        <legend>Layers</legend>
        {(["heat", "contours", "boxes"] as const).map((name) => (
          <Toggle key={name} on={display[name]} set={(on) => session.setDisplay({ [name]: on })}>
            {{ heat: "Saliency", contours: "Contours", boxes: "Regions" }[name]}
          </Toggle>
        ))}
      </fieldset>
      <Slider
        label="Saliency opacity"
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

function WindowControls({ session, slot, display }: { session: Session; slot: Slot; display: Display }) {
  if (!slot.prepared) return null;
  const levels = greyLevelsOf(slot.prepared);
  const shown = shownWindow(slot, slot.prepared);
  const ofFile = fileWindow(slot.source);
  const choices = [
    ...(ofFile ? [{ name: "File", window: ofFile }] : []),
    ...presets.map((preset) => ({ name: presetNames[preset], window: presetWindow(preset, levels) })),
  ];
  return (
    <fieldset class="window">
      <legend>Window and level, {slot.view}</legend>
      <div class="chips">
        {choices.map(({ name, window }) => {
          const on = window.centre === shown.centre && window.width === shown.width;
          return (
            <button key={name} type="button" aria-pressed={on} onClick={() => session.setWindow(slot.id, window)}>
              {name}
            </button>
          );
        })}
        <button
          type="button"
          aria-pressed={display.invert}
          onClick={() => session.setDisplay({ invert: !display.invert })}
        >
          Invert
        </button>
      </div>
      <Slider
        label="Level (centre)"
        value={shown.centre}
        max={levels.top}
        step={Math.max(1, levels.top / 255)}
        text={shown.centre.toFixed(0)}
        set={(centre) => session.setWindow(slot.id, { ...shown, centre })}
      />
      <Slider
        label="Window (width)"
        value={shown.width}
        min={Math.max(1, levels.top / 100)}
        max={levels.top}
        step={Math.max(1, levels.top / 255)}
        text={shown.width.toFixed(0)}
        set={(width) => session.setWindow(slot.id, { ...shown, width })}
      />
    </fieldset>
  );
}

type SliderProps = {
  label: string;
  value: number;
  min?: number;
  max: number;
  step: number;
  text: string;
  set(value: number): void;
};

function Slider({ label, value, min = 0, max, step, text, set }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <span class="value" aria-hidden="true">
        {text}
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function Toggle(props: { on: boolean; set(on: boolean): void; children: preact.ComponentChildren }) {
  return (
    <label class="toggle">
      <input type="checkbox" checked={props.on} onChange={({ currentTarget }) => props.set(currentTarget.checked)} />
      <span>{props.children}</span>
    </label>
  );
}
