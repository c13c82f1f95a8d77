/**
 * @module
 * Window and level of the active image.
 */
import type { Display, Slot } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { presetNames, presets, presetWindow } from "../viewer/grey-window.ts";
import { fileWindow, greyLevelsOf, shownWindow } from "../viewer/slot-window.ts";
import { Slider } from "./controls.tsx";

export function WindowControls({ session, slot, display }: { session: Session; slot: Slot; display: Display }) {
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
