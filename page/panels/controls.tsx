/**
 * @module
 * Sliders and switches.
 */
type SliderProps = {
  label: string;
  value: number;
  min?: number;
  max: number;
  step: number;
  text: string;
  set(value: number): void;
};

export function Slider({ label, value, min = 0, max, step, text, set }: SliderProps) {
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

export function Toggle(props: { on: boolean; set(on: boolean): void; children: preact.ComponentChildren }) {
  return (
    <label class="toggle">
      <input type="checkbox" checked={props.on} onChange={({ currentTarget }) => props.set(currentTarget.checked)} />
      <span>{props.children}</span>
    </label>
  );
}
