/**
 * @module
 * What the viewer shows of the whole image, at the canvas's own size, with a caption.
 */
import { CLASSES, type Display, type Slot } from "../state/exam.ts";
import { looks } from "../viewer/class-look.ts";
import { createPainter } from "../viewer/picture.ts";
import { wholeImage } from "../viewer/viewpoint.ts";

/** Height of a line of the caption at a picture 960 pixels wide. */
const LINE = 26;

/** @returns a PNG file */
export async function overlayPng(slot: Slot, display: Display): Promise<Blob> {
  const { prepared, answer } = slot;
  if (!prepared || !answer) throw new TypeError("There is no answer yet.");
  const { height, width } = prepared.canvas;
  const ratio = width / 960;
  const lines = [
    `${answer.view} · ${answer.model.name} ${answer.model.version} · contours at ${display.threshold.toFixed(2)}`,
    ...CLASSES.filter((name) => display[name]).map(
      (name) => `${looks[name].label}: score ${answer.scores[name].toFixed(3)} (uncalibrated)`,
    ),
    answer.disclaimer,
  ];
  const line = Math.max(11, LINE * ratio);
  const picture = document.createElement("canvas");
  picture.width = width;
  picture.height = Math.ceil(height + (lines.length + 0.6) * line);
  const context = picture.getContext("2d");
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  const frame = { image: { height, width }, viewport: { height, width } };
  createPainter()(context, {
    slot,
    display: { ...display, original: false },
    view: wholeImage(frame),
    frame,
    ratio: Math.max(ratio, 0.5),
  });
  context.fillStyle = "#0b0d10";
  context.fillRect(0, height, width, picture.height - height);
  context.font = `${line * 0.62}px ui-sans-serif, system-ui, sans-serif`;
  context.textBaseline = "middle";
  lines.forEach((text, i) => {
    const name = CLASSES.find((known) => text.startsWith(looks[known].label));
    context.fillStyle = name ? looks[name].css : "#e6eaef";
    context.fillText(text, line * 0.5, height + (i + 0.8) * line, width - line);
  });
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("This browser could not write the picture.");
  return blob;
}
