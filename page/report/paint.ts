/**
 * @module
 * Pictures of the report, painted when the browser prints and released afterwards.
 */
import type { Display, Slot } from "../state/exam.ts";
import { createPainter } from "../viewer/picture.ts";
import { placementOfSlot } from "../viewer/placement.ts";
import { wholeImage } from "../viewer/viewpoint.ts";

/** Height in pixels of an image alone on the sheet, and of one of several: 200 dots an inch or more. */
const HEIGHT = { alone: 1500, several: 900 };

/** The original with outlines and regions. Without fill, which would hide the tissue. */
export function paintForPaper(canvas: HTMLCanvasElement, slot: Slot, display: Display, alone: boolean): void {
  const place = placementOfSlot(slot, true);
  const context = canvas.getContext("2d");
  if (!place || !context) return;
  const { image } = place;
  const height = alone ? HEIGHT.alone : HEIGHT.several;
  canvas.height = height;
  canvas.width = Math.round((height * image.width) / image.height);
  const frame = { image, viewport: { height, width: canvas.width } };
  createPainter()(context, {
    slot,
    display: { ...display, original: true, marks: true, heat: false, contours: true },
    view: wholeImage(frame),
    frame,
    ratio: height / (alone ? 700 : 450),
  });
}
