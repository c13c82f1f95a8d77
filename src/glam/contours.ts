/**
 * @module
 * Outlines of what lies above a threshold, along pixel edges: the area that a polygon encloses is exactly its number of
 * pixels, so that outlines, areas and maps never disagree.
 */

import { labelComponents } from "./components.ts";
import type { Box } from "./contracts.ts";

/** A closed ring of `[x, y]` corners in canvas pixels, the first repeated at the end, as in GeoJSON. */
export type Ring = [number, number][];

/** One 4-connected area: the outer ring (clockwise on screen), then its holes (counter-clockwise). */
export type Contour = { areaPixels: number; box: Box; rings: Ring[] };

/** Steps along +x, +y, -x, -y. */
const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;

/**
 * Contours of the pixels with `map >= threshold`, in row-major order of their first pixel.
 * @param map `[height, width]` row-major, probability or any other unit that the threshold is in
 */
export function traceContours(
  map: Float32Array | Uint8Array,
  height: number,
  width: number,
  threshold: number,
): Contour[] {
  const { labels, components } = labelComponents(height, width, (i) => map[i] >= threshold);
  const contours: Contour[] = components.map(({ area, box }) => ({ areaPixels: area, box, rings: [] }));
  const inside = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x]);
  const tracedTopEdges = new Uint8Array(height * width);

  /** Follows the ring that holds the top edge of pixel (x0, y0), keeping the pixel's area on the right. */
  const trace = (x0: number, y0: number): Ring => {
    const ring: Ring = [[x0, y0]];
    let x = x0;
    let y = y0;
    let direction = 0;
    do {
      if (direction === 0) tracedTopEdges[y * width + x] = 1;
      x += DX[direction];
      y += DY[direction];
      const turned = turn(inside, x, y, direction);
      if (turned !== direction) ring.push([x, y]);
      direction = turned;
      // A ring may pass its first corner in another direction where it touches itself.
    } while (x !== x0 || y !== y0 || direction !== 0);
    return ring;
  };

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x];
      if (label === 0 || tracedTopEdges[y * width + x] || inside(x, y - 1) !== 0) continue;
      contours[label - 1].rings.push(trace(x, y));
    }
  }
  return contours;
}

/**
 * The next direction at corner (x, y). Where two areas touch at a corner only, it turns towards its own pixel, which keeps
 * 4-connected areas apart.
 */
function turn(inside: (x: number, y: number) => number, x: number, y: number, direction: number): number {
  // The pixels ahead of the corner, to the right and to the left of the way.
  const right = [inside(x, y), inside(x - 1, y), inside(x - 1, y - 1), inside(x, y - 1)][direction];
  const left = [inside(x, y - 1), inside(x, y), inside(x - 1, y), inside(x - 1, y - 1)][direction];
  if (right === 0) return (direction + 1) % 4;
  return left === 0 ? direction : (direction + 3) % 4;
}
