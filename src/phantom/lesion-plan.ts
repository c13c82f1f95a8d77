/**
 * @module
 * Which lesions a phantom gets and where: kinds, shapes, sizes, and places wholly inside the breast and clear of each other.
 */
import { type Anatomy, pectoralDepth } from "./anatomy.ts";
import { distanceAt } from "./outline.ts";
import type { Random } from "./random.ts";
import type { BenignShape, LesionKind, LesionShape, MalignantShape } from "./types.ts";

/** A lesion before it is drawn; lengths in mm. */
export type PlannedLesion = {
  kind: LesionKind;
  sub: LesionShape;
  x: number;
  y: number;
  /** Half of the mean diameter of the mass's core or of the cluster. */
  radius: number;
  /** No part of the mask lies further from (x, y). */
  reach: number;
};

/** Shapes of each kind; one that stands twice is twice as likely. */
type Shapes = { benign: readonly BenignShape[]; malignant: readonly MalignantShape[] };

const shapes: Shapes = {
  benign: ["round", "oval", "oval", "lobulated"],
  malignant: ["irregular", "spiculated", "spiculated", "calcifications"],
};

/** Smallest and largest radius, and how far the mask reaches in radii. */
const sizes: Record<LesionShape, { low: number; high: number; reach: number }> = {
  round: { low: 3.5, high: 10, reach: 1.12 },
  oval: { low: 3.8, high: 10, reach: 1.5 },
  lobulated: { low: 4.5, high: 11, reach: 1.45 },
  irregular: { low: 4, high: 10, reach: 1.7 },
  spiculated: { low: 3.5, high: 7, reach: 2.4 },
  calcifications: { low: 4, high: 10, reach: 1.25 },
};

/** Draws the kinds when the caller gave none: a quarter without, 60 % one, 15 % two or three; both kinds alike. */
export function planKinds(random: Random, lesions: number | readonly LesionKind[] | undefined): LesionKind[] {
  if (typeof lesions === "object") return [...lesions];
  const draw = random.uniform(0, 1);
  const sampled = draw < 0.25 ? 0 : draw < 0.85 ? 1 : draw < 0.94 ? 2 : 3;
  return Array.from({ length: lesions ?? sampled }, () => (random.chance(0.5) ? "benign" : "malignant"));
}

/** A lesion before it has a place. */
type Shape = Pick<PlannedLesion, "sub" | "radius" | "reach">;

const shapeOf = (sub: LesionShape, radius: number): Shape => ({ sub, radius, reach: radius * sizes[sub].reach });

/** Shape and size of a lesion of one kind; `scale` 1 is that of a large breast. */
function drawShape(random: Random, kind: LesionKind, scale: number): Shape {
  const sub = shapes[kind][random.below(shapes[kind].length)];
  const { low, high } = sizes[sub];
  return shapeOf(sub, scale * (low + (high - low) * random.uniform(0, 1) * random.uniform(0.5, 1)));
}

/** How far a place lies from the nipple along the axis of the breast, mm: nearly the same in both views of a breast. */
export const depthOf = ({ axis, nipple }: Anatomy, { x, y }: { x: number; y: number }): number =>
  (x - nipple.x) * axis.x + (y - nipple.y) * axis.y;

/**
 * The same lesions in the other view of the breast: kinds, shapes, sizes and depths are kept; the place
 * across the breast is random, because the other view does not fix it. A lesion that does not fit there gets smaller.
 * @param depths of the lesions, see {@link depthOf}
 */
export function placeLesions(
  anatomy: Anatomy,
  random: Random,
  lesions: readonly PlannedLesion[],
  depths: readonly number[],
): PlannedLesion[] {
  const placed: PlannedLesion[] = [];
  lesions.forEach(({ kind, ...lesion }, i) => {
    let shape: Shape = lesion;
    const near = () => {
      const places = Array.from({ length: 40 }, () => findPlace(anatomy, random, placed, shape.reach));
      const off = (place: { x: number; y: number }) => Math.abs(depthOf(anatomy, place) - depths[i]);
      return places.filter((place) => place !== undefined).sort((a, b) => off(a) - off(b))[0];
    };
    let place = near();
    while (place === undefined) {
      shape = smaller(shape);
      place = near();
    }
    placed.push({ ...lesion, ...shape, kind, ...place });
  });
  return placed;
}

/** The same shape a fifth smaller, for a lesion that finds no place. */
const smaller = ({ sub, radius }: Shape): Shape => shapeOf(sub, 0.8 * radius);

/** Places the lesions; where the breast is too small for one it gets smaller, and every one finds a place. */
export function planLesions(anatomy: Anatomy, random: Random, kinds: readonly LesionKind[]): PlannedLesion[] {
  const placed: PlannedLesion[] = [];
  for (const kind of kinds) {
    let shape = drawShape(random, kind, Math.min(1, anatomy.depth / 70));
    let place = findPlace(anatomy, random, placed, shape.reach);
    while (place === undefined) {
      shape = smaller(shape);
      place = findPlace(anatomy, random, placed, shape.reach);
    }
    placed.push({ kind, ...shape, ...place });
  }
  return placed;
}

/** The best of some random free places: glandular tissue is preferred, fat is not excluded. */
function findPlace(
  anatomy: Anatomy,
  random: Random,
  others: readonly PlannedLesion[],
  reach: number,
): { x: number; y: number } | undefined {
  let best: { x: number; y: number } | undefined;
  let bestScore = -1;
  for (let attempt = 0, found = 0; attempt < 400 && found < 3; attempt++) {
    const x = random.uniform(reach + 2, Math.max(reach + 3, anatomy.depth - reach));
    const y = random.uniform(reach + 2, anatomy.height - reach - 2);
    const wish = random.uniform(0, 1);
    if (distanceAt(anatomy.skin, x, y) < reach + 4) continue;
    if (pectoralDepth(anatomy, x, y) > -reach - 2) continue;
    if (others.some((o) => (o.x - x) * (o.x - x) + (o.y - y) * (o.y - y) < (o.reach + reach + 5) ** 2)) continue;
    found += 1;
    const score = wish + 0.5 * glandular(anatomy, x, y);
    if (score > bestScore) {
      bestScore = score;
      best = { x, y };
    }
  }
  return best;
}

/** 1 in the middle of the glandular disc, 0 outside. */
function glandular(anatomy: Anatomy, x: number, y: number): number {
  const { axis, nipple, disc } = anatomy;
  const u = ((x - nipple.x) * axis.x + (y - nipple.y) * axis.y - disc.along) / disc.halfAlong;
  const v = ((y - nipple.y) * axis.x - (x - nipple.x) * axis.y - disc.across) / disc.halfAcross;
  return Math.max(0, 1 - u * u - v * v);
}
