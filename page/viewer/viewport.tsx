/**
 * @module
 * One image in the viewer: canvas, gestures, keys, and what is written over it.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Exam, Slot } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { subjectOf } from "../state/subject.ts";
import { describeSlot, shortName, standingWords } from "../words/slot-words.ts";
import { subjectLines } from "../words/subject.ts";
import { listenForGestures } from "./gestures.ts";
import { displayAfterKey, keyHelp, viewAfterKey } from "./keys.ts";
import { createPainter } from "./picture.ts";
import { type Placement, placementOfSlot, viewIn } from "./placement.ts";
import { greyLevelsOf, shownWindow } from "./slot-window.ts";
import { clampViewpoint, type Frame, showBox, shownBox, type Viewpoint, wholeImage, zoomAt } from "./viewpoint.ts";

const noImage = { height: 4, width: 3 };

/** @param props.alone whether it is the only viewport on the screen */
export function Viewport({ session, exam, slot, alone }: { session: Session; exam: Exam; slot: Slot; alone: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useMemo(createPainter, []);
  const [viewport, setViewport] = useState({ height: 0, width: 0, ratio: 1 });
  const { original } = exam.display;
  const place = placementOfSlot(slot, original);
  const frame: Frame = { image: place?.image ?? noImage, viewport };
  const [chosen, setChosen] = useState<{ view: Viewpoint; place: Placement }>();
  const moved = chosen && place && viewIn(chosen.view, chosen.place, place, viewport);
  const view = clampViewpoint(moved ?? wholeImage(frame), frame);
  const name = shortName(exam, slot);
  const subject = subjectOf(slot);
  const active = exam.active === slot.id;
  const selected = exam.focus?.slot === slot.id ? exam.focus.rank : undefined;

  // Listeners are added once and read the current values when they run.
  const now = useRef({ view, frame, slot, exam, place });
  now.current = { view, frame, slot, exam, place };
  const setView = (next: Viewpoint) => {
    if (now.current.place) setChosen({ view: next, place: now.current.place });
  };

  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => {
      const ratio = window.devicePixelRatio || 1;
      setViewport({ height: Math.round(box.clientHeight * ratio), width: Math.round(box.clientWidth * ratio), ratio });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!element.current) return;
    return listenForGestures(element.current, {
      view: () => now.current.view,
      frame: () => now.current.frame,
      ratio: () => window.devicePixelRatio || 1,
      look: (next) => {
        now.current.view = next;
        setView(next);
      },
      adjustWindow: (dx, dy) => {
        const { prepared, id } = now.current.slot;
        if (!prepared) return;
        const levels = greyLevelsOf(prepared);
        const { centre, width } = shownWindow(now.current.slot, prepared);
        const unit = levels.top / 500;
        session.setWindow(id, {
          centre: Math.min(levels.top, Math.max(0, centre + dy * unit)),
          width: Math.min(levels.top, Math.max(levels.top / 100, width + dx * unit)),
        });
      },
      activate: () => session.activate(now.current.slot.id),
    });
  }, [session]);

  // A new image starts whole; a region that was asked for is shown large.
  useEffect(() => setChosen(undefined), [slot.prepared]);
  useEffect(() => {
    const { focus } = exam;
    const region = slot.regions.find(({ rank }) => focus?.slot === slot.id && rank === focus.rank);
    if (!region || !slot.prepared || !place) return;
    const box = shownBox(region.box, slot.prepared.canvas, slot.prepared.mirrored);
    setView(showBox({ ...box, left: box.left + place.left, top: box.top + place.top }, now.current.frame));
    // On a phone the list of regions is a screen below.
    element.current?.scrollIntoView({ block: "nearest" });
  }, [exam.focus]);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || viewport.width === 0) return;
    const handle = requestAnimationFrame(() =>
      painter(context, {
        slot,
        display: exam.display,
        view,
        frame,
        ratio: viewport.ratio,
        ...(selected === undefined ? {} : { selected }),
      }),
    );
    return () => cancelAnimationFrame(handle);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = viewAfterKey(event.key, view, frame);
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : undefined;
    const display = displayAfterKey(event.key, exam.display);
    if (next) setView(next);
    else if (display) session.setDisplay(display);
    else if (event.key === "Escape" && exam.single) session.setSingle(false);
    else if (digit !== undefined && slot.regions.some(({ rank }) => rank === digit)) session.showRegion(slot.id, digit);
    else return;
    event.preventDefault();
  };
  const zoomBy = (factor: number) =>
    setView(zoomAt({ x: viewport.width / 2, y: viewport.height / 2 }, factor, view, frame));

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      class={`viewport ${active && !alone ? "active" : ""} ${slot.prepared ? "" : "bare"}`}
      role="group"
      aria-label={`${name} viewer`}
    >
      <div
        ref={element}
        class="surface"
        // Fingers scroll the page as long as there is nothing to pan.
        style={{ touchAction: view.zoom > 1.001 ? "none" : "pan-y" }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: with role application it is operated by keys
        tabIndex={0}
        role="application"
        aria-roledescription="image viewer"
        aria-label={describeSlot(slot, name)}
        aria-describedby="key-help"
        onKeyDown={onKeyDown}
        onFocus={() => session.activate(slot.id)}
      >
        <canvas ref={canvas} height={viewport.height} width={viewport.width} />
      </div>
      <div class="corner top-left">
        <p aria-hidden="true">
          <strong>{slot.view ?? "?"}</strong>
          {slot.scores && (
            <span>
              M {slot.scores.malignant.toFixed(2)} · B {slot.scores.benign.toFixed(2)}
            </span>
          )}
        </p>
        {subject && exam.display.names && subjectLines(subject).map((line) => <p key={line}>{line}</p>)}
      </div>
      {!slot.prepared && <Standing slot={slot} />}
      <div class="corner bottom-right tools" hidden={!slot.prepared}>
        <button type="button" onClick={() => zoomBy(1.5)} aria-label={`Zoom in on ${name}`}>
          +
        </button>
        <button type="button" onClick={() => zoomBy(1 / 1.5)} aria-label={`Zoom out of ${name}`}>
          −
        </button>
        <button
          type="button"
          class="wide"
          onClick={() => setChosen(undefined)}
          aria-label={`Fit ${name}: show the whole image`}
        >
          Fit
        </button>
        {exam.slots.length > 1 && (
          <button
            type="button"
            class="wide"
            aria-pressed={exam.single}
            aria-label={exam.single ? "All images" : `Alone: show ${name} and no other`}
            onClick={() => {
              session.activate(slot.id);
              session.setSingle(!exam.single);
            }}
          >
            {exam.single ? "All" : "Alone"}
          </button>
        )}
      </div>
      <p class="corner bottom-left" aria-hidden="true">
        {view.zoom > 1.01 && `${view.zoom.toFixed(1)}×`}
      </p>
    </div>
  );
}

/** The viewer's text while there is no image. */
function Standing({ slot }: { slot: Slot }) {
  const { title, advice } = standingWords(slot);
  return (
    <div class="standing" aria-hidden="true">
      <strong>{title}</strong>
      {advice && <span class="muted">{advice}</span>}
    </div>
  );
}

/** Read by screen readers with every viewport. */
export const KeyHelp = () => (
  <p id="key-help" class="visually-hidden">
    {keyHelp}
  </p>
);
