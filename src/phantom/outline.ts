/**
 * @module
 * The breast's outline as a spline in mm, and the signed distance to it. The chest wall is x = 0, x grows towards the nipple,
 * y downwards.
 */

export type Point = { x: number; y: number };

/** Distances to the skin on a regular grid, mm; positive inside the breast. */
export type DistanceGrid = { step: number; columns: number; rows: number; data: Float32Array };

/** Room around the image that the grid covers, mm. */
const MARGIN = 4;

/** Catmull-Rom spline through the control points, `perSegment` pieces between two of them. */
export function spline(control: readonly Point[], perSegment: number): Point[] {
  const points: Point[] = [];
  const at = (i: number) => control[Math.min(control.length - 1, Math.max(0, i))];
  for (let i = 0; i + 1 < control.length; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let k = 0; k < perSegment; k++) {
      const t = k / perSegment;
      const blend = (p: number, q: number, r: number, s: number) =>
        q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
      points.push({ x: blend(a.x, b.x, c.x, d.x), y: blend(a.y, b.y, c.y, d.y) });
    }
  }
  points.push(at(control.length - 1));
  return points;
}

/** Distance and side of one point; the polygon is closed by straight lines far outside the image. */
function signedDistance(outline: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  for (let i = 0; i < outline.length; i++) {
    const a = outline[i];
    const b = outline[(i + 1) % outline.length];
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
    if (i + 1 === outline.length) break; // the closing line is not skin
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
    const ex = x - a.x - t * dx;
    const ey = y - a.y - t * dy;
    nearest = Math.min(nearest, ex * ex + ey * ey);
  }
  const distance = Math.sqrt(nearest);
  return inside ? distance : -distance;
}

/**
 * Samples the distance every `step` mm; between samples it is close to linear.
 * @param nipple a bump that is joined to the outline smoothly, radius in mm
 */
export function createDistanceGrid(
  outline: readonly Point[],
  nipple: Point & { radius: number },
  size: { width: number; height: number },
  step: number,
): DistanceGrid {
  const columns = Math.ceil((size.width + 2 * MARGIN) / step) + 2;
  const rows = Math.ceil((size.height + 2 * MARGIN) / step) + 2;
  const data = new Float32Array(columns * rows);
  const soft = 3;
  for (let row = 0; row < rows; row++) {
    const y = row * step - MARGIN;
    for (let column = 0; column < columns; column++) {
      const x = column * step - MARGIN;
      const skin = signedDistance(outline, x, y);
      const bump = nipple.radius - Math.sqrt((x - nipple.x) * (x - nipple.x) + (y - nipple.y) * (y - nipple.y));
      const h = Math.max(0, soft - Math.abs(skin - bump)) / soft;
      data[row * columns + column] = Math.max(skin, bump) + h * h * soft * 0.25;
    }
  }
  return { step, columns, rows, data };
}

/** Distance to the skin at a place in mm, positive inside. */
export function distanceAt(grid: DistanceGrid, x: number, y: number): number {
  const { columns, data } = grid;
  const u = Math.min(columns - 1.001, Math.max(0, (x + MARGIN) / grid.step));
  const v = Math.min(grid.rows - 1.001, Math.max(0, (y + MARGIN) / grid.step));
  const left = Math.floor(u);
  const top = Math.floor(v);
  const i = top * columns + left;
  const fx = u - left;
  const upper = data[i] + fx * (data[i + 1] - data[i]);
  const lower = data[i + columns] + fx * (data[i + columns + 1] - data[i + columns]);
  return upper + (v - top) * (lower - upper);
}
