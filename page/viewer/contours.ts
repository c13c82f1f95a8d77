/**
 * @module
 * Contours at the threshold that the slider says, traced here by the code that the service uses.
 */
import { type Contour, traceContours } from "../../src/glam/contours.ts";
import type { Size } from "../../src/glam/spec.ts";
import type { ClassName, Slot } from "../state/exam.ts";

/** The last threshold of each map, because the slider and the list of areas ask for the same. */
const traced = new WeakMap<Uint8Array, { threshold: number; contours: Pick<Contour, "areaPixels" | "rings">[] }>();

/**
 * Contours of one class; the answer's own where the threshold is the answer's, because the map that travelled is rounded to
 * 8 bits.
 * @param threshold probability
 */
export function contoursOf(
  { maps, answer }: Pick<Slot, "maps" | "answer">,
  name: ClassName,
  threshold: number,
): Pick<Contour, "areaPixels" | "rings">[] {
  if (answer?.contours?.threshold === threshold) return answer.contours[name];
  if (!maps) return [];
  const known = traced.get(maps[name]);
  if (known?.threshold === threshold) return known.contours;
  const contours = traceWithin(maps[name], maps, Math.max(threshold * 255, 1));
  traced.set(maps[name], { threshold, contours });
  return contours;
}

/**
 * As `traceContours`, but looks only at the part of the map where anything reaches the level: mostly a fraction of it, and the
 * slider has to feel immediate.
 * @param levels `[height, width]`
 */
export function traceWithin(
  levels: Uint8Array,
  { height, width }: Size,
  level: number,
): Pick<Contour, "areaPixels" | "rings">[] {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    const row = levels.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value >= level);
    if (first < 0) continue;
    top = Math.min(top, y);
    bottom = y;
    left = Math.min(left, first);
    right = Math.max(
      right,
      row.findLastIndex((value) => value >= level),
    );
  }
  if (bottom < 0) return [];
  const part = { height: bottom - top + 1, width: right - left + 1 };
  const cut = new Uint8Array(part.height * part.width);
  for (let y = 0; y < part.height; y++) {
    const from = (top + y) * width + left;
    cut.set(levels.subarray(from, from + part.width), y * part.width);
  }
  return traceContours(cut, part.height, part.width, level).map(({ areaPixels, rings }) => ({
    areaPixels,
    rings: rings.map((ring) => ring.map(([x, y]) => [x + left, y + top])),
  }));
}

/** Closed rings as one path in canvas pixels. */
export function pathOf(contours: Pick<Contour, "rings">[]): Path2D {
  const path = new Path2D();
  for (const { rings } of contours) {
    for (const ring of rings) {
      ring.forEach(([x, y], i) => {
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      });
      path.closePath();
    }
  }
  return path;
}
