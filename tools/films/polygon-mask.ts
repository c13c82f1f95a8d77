/**
 * @module
 * Shapes to pixels.
 */
import type { Size } from "../../src/glam/spec.ts";
import type { TrueLesion } from "../evaluate/test-case.ts";
import type { Shape } from "./film.ts";

/** Where a mask lies; `mask` is `[box.height, box.width]`, 0 or 1. */
export type ShapeMask = Pick<TrueLesion, "box" | "mask">;

/**
 * The pixels whose middles lie in a shape. Polygons by the even-odd rule.
 * @param shape the middle of the first pixel is 0, 0
 * @param size what lies outside is cut off; a shape that is all outside has an empty box
 */
export function shapeMask(shape: Shape, size: Size): ShapeMask {
  const { x0, x1, y0, y1 } = extent(shape);
  const top = Math.max(0, Math.ceil(y0));
  const left = Math.max(0, Math.ceil(x0));
  const height = Math.max(0, Math.min(size.height - 1, Math.floor(y1)) - top + 1);
  const width = Math.max(0, Math.min(size.width - 1, Math.floor(x1)) - left + 1);
  const mask = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    for (const [from, to] of spans(shape, top + row)) {
      const first = Math.max(0, Math.ceil(from) - left);
      const last = Math.min(width - 1, Math.floor(to) - left);
      if (first <= last) mask.fill(1, row * width + first, row * width + last + 1);
    }
  }
  return { box: { top, left, height, width }, mask };
}

function extent(shape: Shape) {
  if ("rx" in shape) {
    const { cx, cy, rx, ry } = shape;
    return { x0: cx - rx, x1: cx + rx, y0: cy - ry, y1: cy + ry };
  }
  const xs = shape.points.map(([x]) => x);
  const ys = shape.points.map(([, y]) => y);
  return { x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(...ys), y1: Math.max(...ys) };
}

/** Parts of a row inside a shape, ends included. */
function spans(shape: Shape, y: number): [from: number, to: number][] {
  if ("rx" in shape) {
    const half = 1 - ((y - shape.cy) / shape.ry) ** 2;
    if (half < 0) return [];
    const reach = shape.rx * Math.sqrt(half);
    return [[shape.cx - reach, shape.cx + reach]];
  }
  const { points } = shape;
  const crossings = points.flatMap(([x1, y1], i) => {
    const [x2, y2] = points[(i + 1) % points.length];
    return y1 <= y !== y2 <= y ? [x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)] : [];
  });
  crossings.sort((a, b) => a - b);
  return Array.from({ length: crossings.length >> 1 }, (_, i) => [crossings[2 * i], crossings[2 * i + 1]]);
}

/** Middle of a shape: of an ellipse its centre, of a polygon its centre of mass (the mean of its corners where it has no area). */
export function centreOf(shape: Shape): { row: number; col: number } {
  if ("rx" in shape) return { row: shape.cy, col: shape.cx };
  const { points } = shape;
  let [twice, x, y] = [0, 0, 0];
  points.forEach(([x1, y1], i) => {
    const [x2, y2] = points[(i + 1) % points.length];
    const cross = x1 * y2 - x2 * y1;
    twice += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  });
  if (Math.abs(twice) > 1e-6) return { row: y / (3 * twice), col: x / (3 * twice) };
  const mean = (of: (point: [number, number]) => number) =>
    points.reduce((sum, one) => sum + of(one), 0) / points.length;
  return { row: mean(([, py]) => py), col: mean(([px]) => px) };
}
