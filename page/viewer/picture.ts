/**
 * @module
 * One image with its results, painted where a viewport looks. Layers are kept until what they show changes.
 */
import { CLASSES, type ClassName, type Display, type RegionState, type Slot } from "../state/exam.ts";
import { failedColour, looks, regionColour } from "./class-look.ts";
import { contoursOf, pathOf } from "./contours.ts";
import { type GreyLevels, type GreyWindow, lookupTable, measureGrey, presetWindow } from "./grey-window.ts";
import { greyLayer, heatLayer, type Layer } from "./layers.ts";
import { type Frame, scaleOf, shownBox, type Viewpoint } from "./viewpoint.ts";

/** Remembers the last result as long as the inputs stay the same. */
function remember<A extends readonly unknown[], R>(make: (...inputs: A) => R): (...inputs: A) => R {
  let last: { inputs: A; result: R } | undefined;
  return (...inputs) => {
    if (!last || inputs.some((input, i) => input !== last?.inputs[i])) last = { inputs, result: make(...inputs) };
    return last.result;
  };
}

/** Grey quantiles of a prepared image, measured once. */
const measured = new WeakMap<object, GreyLevels>();
export function greyLevelsOf({ canvas, bits }: NonNullable<Slot["prepared"]>): GreyLevels {
  const known = measured.get(canvas) ?? measureGrey(canvas, bits);
  measured.set(canvas, known);
  return known;
}

/** The window of an image: as the user set it, else as its file has it, else by its grey values. */
export function shownWindow({ window, source }: Slot, prepared: NonNullable<Slot["prepared"]>): GreyWindow {
  return window ?? fileWindow(source) ?? presetWindow("auto", greyLevelsOf(prepared));
}

/** The window that a DICOM header wants. */
export function fileWindow(source: Slot["source"]): GreyWindow | undefined {
  if (!source?.window) return undefined;
  const { low, high } = source.window;
  return { centre: (low + high) / 2, width: Math.max(1, high - low) };
}

/** What is painted. */
export type Painting = {
  slot: Slot;
  display: Display;
  view: Viewpoint;
  frame: Frame;
  /** Rank of the region that stands out. */
  selected?: number;
  /** Screen pixels per CSS pixel. */
  ratio: number;
};

/** Paints onto one 2D context, again and again. */
export type Painter = (context: CanvasRenderingContext2D, painting: Painting) => void;

export function createPainter(): Painter {
  const grey = remember(
    (prepared: NonNullable<Slot["prepared"]>, centre: number, width: number, invert: boolean): Layer =>
      greyLayer(prepared.canvas, lookupTable({ centre, width }, greyLevelsOf(prepared).top, invert)),
  );
  const heat = () =>
    remember((maps: NonNullable<Slot["maps"]>, name: ClassName) => heatLayer(maps[name], maps, looks[name].colour));
  const outline = () =>
    remember((maps: Slot["maps"], answer: Slot["answer"], name: ClassName, threshold: number) =>
      pathOf(contoursOf({ maps, answer }, name, threshold)),
    );
  const heats = { benign: heat(), malignant: heat() };
  const outlines = { benign: outline(), malignant: outline() };

  return (context, { slot, display, view, frame, selected, ratio }) => {
    const { prepared, maps } = slot;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = display.invert ? "#fff" : "#000";
    context.fillRect(0, 0, frame.viewport.width, frame.viewport.height);
    if (!prepared) return;
    const scale = scaleOf(view, frame);
    const left = frame.viewport.width / 2 - view.x * scale;
    const top = frame.viewport.height / 2 - view.y * scale;
    if (prepared.mirrored) context.setTransform(-scale, 0, 0, scale, left + frame.image.width * scale, top);
    else context.setTransform(scale, 0, 0, scale, left, top);
    context.imageSmoothingEnabled = scale < 4;
    const window = shownWindow(slot, prepared);
    context.drawImage(grey(prepared, window.centre, window.width, display.invert), 0, 0);
    const shown = CLASSES.filter((name) => display[name]);
    if (maps && display.heat) {
      context.globalAlpha = display.opacity;
      for (const name of shown) context.drawImage(heats[name](maps, name), 0, 0);
      context.globalAlpha = 1;
    }
    if (maps && display.contours) {
      for (const name of shown) {
        const path = outlines[name](maps, slot.answer, name, display.threshold);
        strokeContours(context, path, looks[name], scale / ratio);
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!display.boxes) return;
    for (const region of slot.regions) {
      drawRegion(context, region, { left, top, scale, ratio, selected: region.rank === selected }, (box) =>
        shownBox(box, frame.image, prepared.mirrored),
      );
    }
  };
}

/** A coloured line on a dark one, so that it shows on any grey. @param scale CSS pixels per image pixel */
function strokeContours(
  context: CanvasRenderingContext2D,
  path: Path2D,
  { css, dash }: { css: string; dash: readonly number[] },
  scale: number,
): void {
  context.lineJoin = "round";
  context.setLineDash([]);
  context.strokeStyle = "rgb(0 0 0 / 55%)";
  context.lineWidth = 3.2 / scale;
  context.stroke(path);
  context.setLineDash(dash.map((length) => length / scale));
  context.strokeStyle = css;
  context.lineWidth = 1.6 / scale;
  context.stroke(path);
  context.setLineDash([]);
}

function drawRegion(
  context: CanvasRenderingContext2D,
  region: RegionState,
  { left, top, scale, ratio, selected }: { left: number; top: number; scale: number; ratio: number; selected: boolean },
  shown: (box: RegionState["box"]) => RegionState["box"],
): void {
  const box = shown(region.box);
  const [x, y] = [left + box.left * scale, top + box.top * scale];
  const [width, height] = [box.width * scale, box.height * scale];
  const colour = region.status === "failed" ? failedColour : regionColour;
  context.globalAlpha = region.status === "waiting" ? 0.75 : selected ? 1 : 0.85;
  context.strokeStyle = colour;
  context.lineWidth = (selected ? 2.5 : 1.25) * ratio;
  context.setLineDash(region.status === "complete" ? [] : [6 * ratio, 4 * ratio]);
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
  const side = 18 * ratio;
  context.fillStyle = colour;
  context.fillRect(x - context.lineWidth / 2, y - context.lineWidth / 2, side, side);
  context.fillStyle = "#111";
  context.font = `600 ${12 * ratio}px ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(region.rank + 1), x + side / 2 - context.lineWidth / 2, y + side / 2);
  context.globalAlpha = 1;
}
