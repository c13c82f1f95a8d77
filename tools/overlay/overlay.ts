/**
 * @module
 * A picture of an answer: the image with its region boxes beside the image with saliency and contours, and a legend of the
 * colours.
 */

import type { Contour } from "../../src/glam/contours.ts";
import type { Canvas, Region } from "../../src/glam/contracts.ts";
import type { Scores } from "../../src/glam/saliency.ts";
import { type Colour, character, Picture } from "./picture.ts";

/** What is drawn over a canvas. */
export type OverlayInput = {
  canvas: Canvas;
  /** The grey level that is drawn white; the largest when not given. */
  white?: number;
  /** True when the canvas is the mirror image of the source; the picture is mirrored back. */
  mirrored: boolean;
  scores: Scores;
  regions: (Region & { status: "complete" | "failed" })[];
  /** Fused saliency per class, `[H, W]` of the canvas, 0 to 255. */
  saliency: { benign: Uint8Array; malignant: Uint8Array };
  contours: { benign: Pick<Contour, "rings">[]; malignant: Pick<Contour, "rings">[] };
  threshold: number;
  /** Truth to compare with, when there is one: `[H, W]`, non-zero inside. */
  truth?: { benign: Uint8Array; malignant: Uint8Array };
  /** One line under the picture, e.g. the model. */
  caption: string;
};

const COLOURS = { benign: [60, 190, 255], malignant: [255, 95, 40] } as const satisfies Record<string, Colour>;
const BOX: Colour = [255, 225, 60];
const FAILED: Colour = [255, 0, 255];
const TRUTH: Colour = [90, 255, 120];
const TEXT: Colour = [235, 235, 235];
const CLASSES = ["benign", "malignant"] as const;
/** Pixels between and around the panels. */
const GAP = 16;
/** The largest panel; a larger canvas is drawn at 1/2, 1/3 ... */
const PANEL = 1472;

/** @returns PNG file bytes */
export function drawOverlay(input: OverlayInput): Uint8Array {
  const { canvas } = input;
  const step = Math.ceil(Math.max(canvas.height, canvas.width) / PANEL);
  const height = Math.floor(canvas.height / step);
  const width = Math.floor(canvas.width / step);
  const lines = legend(input);
  const textWidth = Math.max(...lines.map(({ text }) => (text.length + 3) * character.width));
  const picture = new Picture(
    height + 3 * GAP + lines.length * (character.height + 6),
    Math.ceil(Math.max(2 * width + 3 * GAP, textWidth + 2 * GAP)),
  );
  const left: Panel = { picture, x: GAP, y: GAP, height, width, step, mirrored: input.mirrored };
  const right: Panel = { ...left, x: width + 2 * GAP };

  drawImage(left, canvas, input.white);
  drawImage(right, canvas, input.white);
  for (const name of CLASSES) drawSaliency(right, canvas, input.saliency[name], COLOURS[name]);
  for (const name of CLASSES) {
    for (const { rings } of input.contours[name]) for (const ring of rings) drawRing(right, ring, COLOURS[name]);
  }
  if (input.truth) for (const name of CLASSES) drawTruth(left, canvas, input.truth[name]);
  for (const region of input.regions) {
    drawRegion(left, region);
    drawRegion(right, region);
  }
  lines.forEach(({ text, colour }, n) => {
    const y = height + 2 * GAP + n * (character.height + 6);
    if (colour) picture.fill(GAP, y + 2, character.height - 4, character.height - 4, colour);
    picture.text(GAP + (colour ? 2.5 * character.width : 0), y, text, TEXT);
  });
  return picture.encode();
}

/** A part of the picture that shows the canvas at 1/step. */
type Panel = { picture: Picture; x: number; y: number; height: number; width: number; step: number; mirrored: boolean };

/** Column in the picture of a canvas x coordinate (a corner between pixels, not a pixel). */
const across = (panel: Panel, x: number) => panel.x + (panel.mirrored ? panel.width - x / panel.step : x / panel.step);
const down = (panel: Panel, y: number) => panel.y + y / panel.step;

/** Calls `draw` with the picture position and the canvas index of every shown pixel. */
function eachPixel(panel: Panel, canvas: Canvas, draw: (x: number, y: number, index: number) => void): void {
  for (let y = 0; y < panel.height; y++) {
    for (let x = 0; x < panel.width; x++) {
      const index = y * panel.step * canvas.width + x * panel.step;
      draw(panel.x + (panel.mirrored ? panel.width - 1 - x : x), panel.y + y, index);
    }
  }
}

function drawImage(panel: Panel, canvas: Canvas, white?: number): void {
  let max = white ?? 1;
  if (white === undefined) for (const pixel of canvas.pixels) if (pixel > max) max = pixel;
  eachPixel(panel, canvas, (x, y, i) => {
    const grey = (canvas.pixels[i] / max) * 255;
    panel.picture.blend(x, y, [grey, grey, grey]);
  });
}

/** Colour as strong as the map; the weakest tenth is left out so that the image stays readable. */
function drawSaliency(panel: Panel, canvas: Canvas, map: Uint8Array, colour: Colour): void {
  eachPixel(panel, canvas, (x, y, i) => {
    if (map[i] >= 26) panel.picture.blend(x, y, colour, (map[i] / 255) * 0.6);
  });
}

function drawRing(panel: Panel, ring: readonly (readonly [number, number])[], colour: Colour): void {
  for (let i = 1; i < ring.length; i++) {
    const [x0, y0] = ring[i - 1];
    const [x1, y1] = ring[i];
    panel.picture.line(across(panel, x0), down(panel, y0), across(panel, x1), down(panel, y1), colour);
  }
}

/** Outlines the truth, one pixel wide, where a pixel inside has a neighbour outside. */
function drawTruth(panel: Panel, canvas: Canvas, mask: Uint8Array): void {
  const w = canvas.width;
  eachPixel(panel, canvas, (x, y, i) => {
    if (
      mask[i] &&
      !(mask[i - panel.step] && mask[i + panel.step] && mask[i - panel.step * w] && mask[i + panel.step * w])
    ) {
      panel.picture.fill(x, y, 2, 2, TRUTH);
    }
  });
}

function drawRegion(panel: Panel, { box, rank, status }: OverlayInput["regions"][number]): void {
  const colour = status === "complete" ? BOX : FAILED;
  const left = Math.min(across(panel, box.left), across(panel, box.left + box.width));
  panel.picture.box(left, down(panel, box.top), box.width / panel.step, box.height / panel.step, colour);
  panel.picture.text(Math.round(left) + 6, Math.round(down(panel, box.top)) + 4, String(rank + 1), colour);
}

/** The lines under the panels. */
function legend(input: OverlayInput): { text: string; colour?: Colour }[] {
  const failed = input.regions.filter((region) => region.status === "failed").length;
  const share = (score: number) => score.toFixed(3);
  return [
    {
      text: `benign: saliency, contour at ${input.threshold} (score ${share(input.scores.benign)}, uncalibrated)`,
      colour: COLOURS.benign,
    },
    {
      text: `malignant: saliency, contour at ${input.threshold} (score ${share(input.scores.malignant)}, uncalibrated)`,
      colour: COLOURS.malignant,
    },
    { text: "regions that the local network looked at, in order of choice", colour: BOX },
    ...(failed > 0 ? [{ text: `${failed} region(s) that FAILED: nothing is known of them`, colour: FAILED }] : []),
    ...(input.truth ? [{ text: "the lesions that are known, left panel only", colour: TRUTH }] : []),
    { text: input.caption },
    { text: "Research use only. Not a medical device." },
  ];
}
