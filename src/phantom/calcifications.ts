/**
 * @module
 * Clusters of micro-calcifications: tiny bright specks of uneven size and shape. The mask is the cluster's convex hull and 1 mm around it.
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

/** A bright spot of a cluster, mm; `amplitude` 1 is the brightest that a large one can be. */
type Speck = Point & { sigma: number; amplitude: number };

/** A cluster: where its specks are, and the spots that they are made of. */
type Cluster = { points: Point[]; spots: Speck[] };

/** 10 to 30 specks of 0.2 to 0.8 mm somewhere in an ellipse. */
function scatterSpecks(random: Random, plan: PlannedLesion): Cluster {
  const count = 10 + random.below(12) + Math.floor(plan.radius);
  const squeeze = random.uniform(0.55, 1);
  const tilt = random.uniform(0, TURN);
  const [c, s] = [cos(tilt), sin(tilt)];
  const points: Point[] = [];
  const spots: Speck[] = [];
  for (let i = 0; i < count; i++) {
    const angle = random.uniform(0, TURN);
    const r = plan.radius * Math.sqrt(random.uniform(0.02, 1));
    const [u, v] = [r * cos(angle), r * sin(angle) * squeeze];
    const p = { x: plan.x + c * u - s * v, y: plan.y + s * u + c * v };
    points.push(p);
    const sigma = random.uniform(0.13, 0.3);
    const amplitude = random.uniform(0.5, 1);
    const parts = 1 + random.below(3);
    for (let k = 0; k < parts; k++) {
      const [jx, jy] = [sigma * random.uniform(-1.5, 1.5), sigma * random.uniform(-1.5, 1.5)];
      spots.push({ x: p.x + (k === 0 ? 0 : jx), y: p.y + (k === 0 ? 0 : jy), sigma, amplitude });
    }
  }
  return { points, spots };
}

/** Draws a cluster of calcifications; its mask is their hull and a little around it. */
export function drawCalcifications(layer: Layer, random: Random, plan: PlannedLesion): LesionPatch {
  const patch = createPatch(layer, plan.x, plan.y, plan.reach + 2);
  const { spacing } = layer;
  const specks: Layer = { height: patch.height, width: patch.width, spacing, data: new Float32Array(patch.add.length) };
  const { points, spots } = scatterSpecks(random, plan);
  for (const { x, y, sigma, amplitude } of spots)
    stampSpot(specks, x - patch.left * spacing, y - patch.top * spacing, sigma, amplitude);
  const hull = convexHull(points);
  const veil = random.chance(0.6) ? random.uniform(0.08, 0.2) : 0;
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
