/**
 * @module
 * Clusters of micro-calcifications: tiny bright specks of uneven size and shape; and coarse ones, few, large and round, which are
 * harmless. The mask is the cluster's convex hull and 1 mm around it.
 */
import { createPatch, type LesionPatch } from "./lesion-patch.ts";
import type { PlannedLesion } from "./lesion-plan.ts";
import type { Point } from "./outline.ts";
import { cos, sin } from "./portable-math.ts";
import type { Random } from "./random.ts";
import { type Layer, stampSpot } from "./strands.ts";

const TURN = 6.283185307179586;
/** How far the mask goes beyond the outermost specks, mm. */
const HULL_MARGIN = 1;

/** Convex hull, monotone chain, without its last point repeated. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length >= 2) {
        const [a, b] = [chain[chain.length - 2], chain[chain.length - 1]];
        if ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** True when (x, y) lies inside the hull or within `margin` of it. */
function nearHull(hull: readonly Point[], x: number, y: number, margin: number): boolean {
  let inside = true;
  for (let i = 0; i < hull.length; i++) {
    const a = hull[i];
    const b = hull[(i + 1) % hull.length];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    if (dx * (y - a.y) - dy * (x - a.x) < 0) inside = false;
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
    const [ex, ey] = [x - a.x - t * dx, y - a.y - t * dy];
    if (ex * ex + ey * ey <= margin * margin) return true;
  }
  return inside;
}

/** Draws a cluster of 10 to 30 specks of 0.2 to 0.8 mm, or 1 to 6 coarse ones of 0.7 to 2.5 mm. */
export function drawCalcifications(layer: Layer, random: Random, plan: PlannedLesion): LesionPatch {
  const patch = createPatch(layer, plan.x, plan.y, plan.reach + 2);
  const { spacing } = layer;
  const specks: Layer = { height: patch.height, width: patch.width, spacing, data: new Float32Array(patch.add.length) };
  const x0 = patch.left * spacing;
  const y0 = patch.top * spacing;
  const coarse = plan.sub === "coarse-calcifications";
  const count = coarse ? 1 + random.below(6) : 10 + random.below(12) + Math.floor(plan.radius);
  const squeeze = random.uniform(0.55, 1);
  const tilt = random.uniform(0, TURN);
  const [c, s] = [cos(tilt), sin(tilt)];
  const points: Point[] = [];
  for (let i = 0; i < count; i++) {
    const angle = random.uniform(0, TURN);
    const r = plan.radius * Math.sqrt(random.uniform(0.02, 1));
    const [u, v] = [r * cos(angle), r * sin(angle) * squeeze];
    const p = { x: plan.x + c * u - s * v, y: plan.y + s * u + c * v };
    points.push(p);
    const sigma = coarse ? random.uniform(0.3, 0.8) : random.uniform(0.13, 0.3);
    const amplitude = random.uniform(0.5, 1);
    const parts = coarse ? 1 : 1 + random.below(3);
    for (let k = 0; k < parts; k++) {
      const [jx, jy] = [sigma * random.uniform(-1.5, 1.5), sigma * random.uniform(-1.5, 1.5)];
      stampSpot(specks, p.x - x0 + (k === 0 ? 0 : jx), p.y - y0 + (k === 0 ? 0 : jy), sigma, amplitude);
    }
  }
  const hull = convexHull(points);
  const veil = !coarse && random.chance(0.6) ? random.uniform(0.08, 0.2) : 0;
  for (let k = 0; k < patch.add.length; k++) {
    const x = (patch.left + (k % patch.width) + 0.5) * spacing;
    const y = (patch.top + Math.floor(k / patch.width) + 0.5) * spacing;
    const [dx, dy] = [x - plan.x, y - plan.y];
    const fade = Math.max(0, 1 - (dx * dx + dy * dy) / (plan.reach * plan.reach));
    patch.add[k] = specks.data[k] + veil * fade;
    patch.mask[k] = nearHull(hull, x, y, HULL_MARGIN) ? 1 : 0;
  }
  return patch;
}
