/**
 * @module
 * Contours at the threshold that the slider says, traced here by the code that the service uses.
 */
import { levelOutlining } from "../../src/device/client/outputs/level-outlining.ts";
import { type Contour, traceContours } from "../../src/glam/contours.ts";
import type { MapRows } from "../../src/glam/contracts.ts";
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
  const { low, ...outlining } = levelOutlining(answer?.contours, threshold);
  const contours = traceContours(rowsOfLevels(maps[name], maps), { ...outlining, low: Math.max(low, 1) });
  traced.set(maps[name], { threshold, contours });
  return contours;
}

/** Rows of a map of levels, 255 = probability 1, in the unit of levels; the threshold is in it, too. */
function rowsOfLevels(levels: Uint8Array, { height, width }: Size): MapRows {
  const out = new Float32Array(width);
  const rowAt = (y: number) => levels.subarray(y * width, (y + 1) * width);
  return {
    height,
    width,
    row(y) {
      out.set(rowAt(y));
      return out;
    },
    repeats(y) {
      const above = y * width - width;
      return y > 0 && rowAt(y).every((level, x) => level === levels[above + x]);
    },
  };
}

/** Closed rings as one path in canvas pixels. */
export function pathOf(contours: readonly Pick<Contour, "rings">[]): Path2D {
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
