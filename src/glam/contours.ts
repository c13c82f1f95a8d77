/**
 * @module
 * Outlines of areas of a map, along pixel edges: the area that a polygon encloses is exactly its number of
 * pixels, so that outlines, areas and maps never disagree.
 */
import { createBitMask } from "./bit-mask.ts";
import type { Box, MapRows } from "./contracts.ts";
import { isOutlined, type Outlining } from "./outlining.ts";
import { createRunJoiner } from "./runs.ts";

/** A closed ring of `[x, y]` corners in canvas pixels, the first repeated at the end, as in GeoJSON. */
export type Ring = [number, number][];

/** One 4-connected area: the outer ring (clockwise on screen), then its holes (counter-clockwise). */
export type Contour = { areaPixels: number; box: Box; rings: Ring[] };

/** Steps along +x, +y, -x, -y. */
const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;

/** Pixels [start, end) of a row, and their highest value. */
type Span = { start: number; end: number; peak: number };

/** @returns where a row is at least `low`, from the left */
function spansAbove(row: Float32Array, low: number): Span[] {
  const spans: Span[] = [];
  for (let x = 0; x < row.length; x++) {
    if (!(row[x] >= low)) continue;
    const start = x;
    let peak = row[x];
    for (; x < row.length && row[x] >= low; x++) if (row[x] > peak) peak = row[x];
    spans.push({ start, end: x, peak });
  }
  return spans;
}

/**
 * Contours of the areas that are outlined, in row-major order of their first pixel. Holds two bits a pixel and a few numbers for
 * each run of pixels.
 */
export function traceContours(map: MapRows, outlining: Outlining): Contour[] {
  const { threshold, low = threshold } = outlining;
  const { height, width } = map;
  const mask = createBitMask(height, width);
  const joiner = createRunJoiner();
  let found: Span[] = [];
  for (let y = 0; y < height; y++) {
    if (!map.repeats(y)) found = spansAbove(map.row(y), low);
    for (const { start, end, peak } of found) {
      for (let x = start; x < end; x++) mask.set(x, y);
      joiner.add(y, start, end, peak);
    }
  }
  const { components, runs } = joiner.finish();
  const contours: Contour[] = components.map(({ area, box }) => ({ areaPixels: area, box, rings: [] }));
  const tracedTopEdges = createBitMask(height, width);

  /** Follows the ring that holds the top edge of pixel (x0, y0), keeping the pixel's area on the right. */
  const trace = (x0: number, y0: number): Ring => {
    const ring: Ring = [[x0, y0]];
    let x = x0;
    let y = y0;
    let direction = 0;
    do {
      if (direction === 0) tracedTopEdges.set(x, y);
      x += DX[direction];
      y += DY[direction];
      const turned = turn(mask.get, x, y, direction);
      if (turned !== direction) ring.push([x, y]);
      direction = turned;
      // A ring may pass its first corner in another direction where it touches itself.
    } while (x !== x0 || y !== y0 || direction !== 0);
    return ring;
  };

  for (const { y, start, end, component } of runs()) {
    if (!isOutlined(components[component], outlining)) continue;
    for (let x = start; x < end; x++) {
      if (!mask.get(x, y - 1) && !tracedTopEdges.get(x, y)) contours[component].rings.push(trace(x, y));
    }
  }
  return contours.filter((_, i) => isOutlined(components[i], outlining));
}

/**
 * The next direction at corner (x, y). Where two areas touch at a corner only, it turns towards its own pixel, which keeps
 * 4-connected areas apart.
 */
function turn(inside: (x: number, y: number) => boolean, x: number, y: number, direction: number): number {
  // The pixels ahead of the corner, to the right and to the left of the way.
  const right = [inside(x, y), inside(x - 1, y), inside(x - 1, y - 1), inside(x, y - 1)][direction];
  const left = [inside(x, y - 1), inside(x, y), inside(x - 1, y), inside(x - 1, y - 1)][direction];
  if (!right) return (direction + 1) % 4;
  return !left ? direction : (direction + 3) % 4;
}
