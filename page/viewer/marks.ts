/**
 * @module
 * What is drawn over an image: outlines, and boxes of regions.
 */
import type { RegionState } from "../state/exam.ts";
import type { KnownLesion } from "../worker/protocol.ts";
import { failedColour, regionColour } from "./class-look.ts";
import { pathOf } from "./contours.ts";

/** A coloured line on a dark one, so that it shows on any grey. @param scale CSS pixels per image pixel */
export function strokeContours(
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

/** Lesions that are known: dotted and white, which no class is. @param scale CSS pixels per canvas pixel */
export function strokeKnown(context: CanvasRenderingContext2D, known: readonly KnownLesion[], scale: number): void {
  const path = pathOf(known);
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const [css, width] of [
    ["#000", 5],
    ["#fff", 2.4],
  ] as const) {
    context.strokeStyle = css;
    context.lineWidth = width / scale;
    context.setLineDash([0.1 / scale, 5 / scale]);
    context.stroke(path);
  }
  context.setLineDash([]);
  context.lineCap = "butt";
}

export function drawRegion(
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
