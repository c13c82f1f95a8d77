/**
 * @module
 * One image with its results, painted where a viewport looks. Layers are kept until what they show changes.
 */
import { CLASSES, type ClassName, type Display, type Slot } from "../state/exam.ts";
import type { PreparedInfo, SourceInfo } from "../worker/protocol.ts";
import { looks } from "./class-look.ts";
import { contoursOf, pathOf } from "./contours.ts";
import { lookupTable } from "./grey-window.ts";
import { greyLayer, heatLayer, type Layer } from "./layers.ts";
import { drawRegion, strokeContours, strokeKnown } from "./marks.ts";
import { placementOfSlot } from "./placement.ts";
import { greyLevelsOf, shownWindow } from "./slot-window.ts";
import { meansOfPart, type Seen, visiblePart } from "./source-part.ts";
import { type Frame, scaleOf, shownBox, type Viewpoint } from "./viewpoint.ts";

/** Remembers the last result as long as the inputs stay the same. */
function remember<A extends readonly unknown[], R>(make: (...inputs: A) => R): (...inputs: A) => R {
  let last: { inputs: A; result: R } | undefined;
  return (...inputs) => {
    if (!last || inputs.some((input, i) => input !== last?.inputs[i])) last = { inputs, result: make(...inputs) };
    return last.result;
  };
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
  const lookup = remember((prepared: PreparedInfo, centre: number, width: number, invert: boolean) =>
    lookupTable({ centre, width }, greyLevelsOf(prepared).top, invert),
  );
  const input = remember((prepared: PreparedInfo, table: Uint8ClampedArray) => greyLayer(prepared.canvas, table));
  const original = originalLayer();
  const heat = () =>
    remember((maps: NonNullable<Slot["maps"]>, name: ClassName) => heatLayer(maps[name], maps, looks[name].colour));
  const outline = () =>
    remember((maps: Slot["maps"], answer: Slot["answer"], name: ClassName, threshold: number) =>
      pathOf(contoursOf({ maps, answer }, name, threshold)),
    );
  const heats = { benign: heat(), malignant: heat() };
  const outlines = { benign: outline(), malignant: outline() };

  return (context, { slot, display, view, frame, selected, ratio }) => {
    const { source, prepared, maps } = slot;
    const place = placementOfSlot(slot, display.original);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = display.invert ? "#fff" : "#000";
    context.fillRect(0, 0, frame.viewport.width, frame.viewport.height);
    if (!source || !prepared || !place) return;
    const scale = scaleOf(view, frame);
    const corner = {
      left: frame.viewport.width / 2 - view.x * scale,
      top: frame.viewport.height / 2 - view.y * scale,
    };
    const [left, top] = [corner.left + place.left * scale, corner.top + place.top * scale];
    const toCanvas = () => {
      if (prepared.mirrored) context.setTransform(-scale, 0, 0, scale, left + prepared.canvas.width * scale, top);
      else context.setTransform(scale, 0, 0, scale, left, top);
    };
    const { centre, width } = shownWindow(slot, prepared);
    const table = lookup(prepared, centre, width, display.invert);
    if (display.original) {
      const seen = { ...corner, scale: scale * prepared.scale, viewport: frame.viewport };
      original(context, source, table, seen);
      toCanvas();
    } else {
      toCanvas();
      context.imageSmoothingEnabled = scale < 4;
      context.drawImage(input(prepared, table), 0, 0);
    }
    if (!display.marks) return;
    context.imageSmoothingEnabled = scale < 4;
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
    if (prepared.known && display.known) strokeKnown(context, prepared.known, scale / ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!display.boxes) return;
    for (const region of slot.regions) {
      drawRegion(context, region, { left, top, scale, ratio, selected: region.rank === selected }, (box) =>
        shownBox(box, prepared.canvas, prepared.mirrored),
      );
    }
  };
}

/** Paints the part of an original that is seen. */
function originalLayer() {
  const layer = remember(
    (
      source: SourceInfo,
      table: Uint8ClampedArray,
      left: number,
      top: number,
      width: number,
      height: number,
      factor: number,
    ): Layer => greyLayer(meansOfPart(source, { box: { left, top, width, height }, factor }), table),
  );
  return (context: CanvasRenderingContext2D, source: SourceInfo, table: Uint8ClampedArray, seen: Seen) => {
    const part = visiblePart(source, seen);
    if (!part) return;
    const { box, factor } = part;
    const { scale } = seen;
    const picture = layer(source, table, box.left, box.top, box.width, box.height, factor);
    context.imageSmoothingEnabled = scale < 4;
    const at = [seen.left + box.left * scale, seen.top + box.top * scale] as const;
    context.drawImage(picture, ...at, picture.width * factor * scale, picture.height * factor * scale);
  };
}
