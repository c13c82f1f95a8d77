/**
 * @module
 * The anatomy of one breast in one view, drawn from a seed, in mm and independent of the pixel grid: outline, nipple, pectoral
 * muscle, glandular disc and how the film was exposed.
 */
import { createDistanceGrid, type DistanceGrid, distanceAt, type Point, spline } from "./outline.ts";
import { cos, sin } from "./portable-math.ts";
import { createRandom, type Random } from "./random.ts";

/** Height of every image, mm. */
export const FIELD_HEIGHT = 206;
/** Width for which a breast is drawn at full size, mm. */
const FULL_WIDTH = 134;

export type Anatomy = {
  mlo: boolean;
  /** Size of the image, mm. */
  width: number;
  height: number;
  skin: DistanceGrid;
  nipple: Point;
  /** Unit vector from the nipple into the breast. */
  axis: Point;
  /** Length from the nipple to the chest wall along the axis, mm. */
  depth: number;
  /** Glandular disc: centre and half axes along and across `axis`, mm. */
  disc: { along: number; across: number; halfAlong: number; halfAcross: number };
  /** Edge of the pectoral muscle: at y = 0 it reaches `top` mm from the chest wall, it ends at `bottom`; none in CC. */
  pectoral: { top: number; bottom: number; bend: number; brightness: number } | undefined;
  /** 0 fatty to 1 dense. */
  density: number;
  /** Distance from the skin within which the compressed breast gets thinner, mm. */
  roll: number;
};

/** Half-ellipse, a little fuller or flatter than one, with uneven halves. */
function ccOutline(random: Random, scale: number, given?: number): { outline: Point[]; nipple: Point } {
  const drawn = random.uniform(62, 112);
  const depth = (given ?? drawn) * scale;
  const middle = FIELD_HEIGHT / 2 + random.uniform(-8, 8);
  const upper = random.uniform(66, 90) * scale;
  const lower = random.uniform(66, 90) * scale;
  const fullness = random.uniform(-0.05, 0.3);
  const nippleAngle = random.uniform(-0.18, 0.18);
  const control: Point[] = [{ x: -40, y: middle - upper - 14 }];
  let nipple = { x: depth, y: middle };
  for (let k = -8; k <= 8; k++) {
    const angle = k === 0 ? nippleAngle : (k / 8) * 1.5707963;
    const c = cos(angle);
    const wobble = 1 + random.uniform(-0.012, 0.012);
    const x = depth * c * (1 + fullness * (1 - c)) * wobble;
    const y = middle + sin(angle) * (angle < 0 ? upper : lower);
    if (k === 0) nipple = { x, y };
    control.push({ x, y });
  }
  control.push({ x: -40, y: middle + lower + 14 });
  return { outline: spline(control, 8), nipple };
}

/** From the axilla at the top edge over the nipple to the inframammary fold; sometimes with a piece of abdomen. */
function mloOutline(random: Random, scale: number, given?: number): { outline: Point[]; nipple: Point } {
  const drawn = random.uniform(72, 116);
  const depth = (given ?? drawn) * scale;
  const shoulder = Math.min(random.uniform(62, 98) * scale, depth * 0.94);
  const nipple = { x: depth, y: random.uniform(104, 130) };
  const fold = { x: random.uniform(3, 12) * scale, y: Math.min(nipple.y + random.uniform(56, 80) * scale, 197) };
  const sag = random.uniform(0.86, 0.97);
  const control: Point[] = [
    { x: shoulder * random.uniform(0.85, 0.98), y: -50 },
    { x: shoulder * random.uniform(0.94, 1), y: -12 },
    { x: shoulder + (depth - shoulder) * random.uniform(0.14, 0.3), y: nipple.y * 0.34 },
    { x: shoulder + (depth - shoulder) * random.uniform(0.72, 0.84), y: nipple.y * 0.68 },
    nipple,
    { x: depth * sag, y: nipple.y + (fold.y - nipple.y) * 0.46 },
    { x: depth * 0.76 * sag, y: nipple.y + (fold.y - nipple.y) * 0.84 },
    { x: depth * 0.42, y: fold.y + 2 },
  ];
  if (random.chance(0.35)) {
    const belly = fold.x + random.uniform(6, 20) * scale;
    control.push(fold, { x: belly, y: fold.y + 14 }, { x: belly + 6, y: 240 }, { x: -40, y: 260 });
  } else {
    control.push({ x: fold.x, y: fold.y - 1 }, { x: -14, y: fold.y - 2 }, { x: -40, y: fold.y });
  }
  return { outline: [{ x: -40, y: -50 }, ...spline(control, 10)], nipple };
}

export type AnatomyOptions = {
  seed: number;
  mlo: boolean;
  /** Of the image, mm. */
  width: number;
  /** 0 fatty to 1 dense; drawn when missing. */
  density?: number | undefined;
  /** From the nipple to the chest wall in an image that is wide enough, mm; drawn when missing. */
  depth?: number | undefined;
};

/** Draws the anatomy. The same seed is the same breast at every pixel size. */
export function createAnatomy(options: AnatomyOptions): Anatomy {
  const { seed, mlo, width } = options;
  const random = createRandom(seed, mlo ? "anatomy-mlo" : "anatomy-cc");
  const scale = Math.min(1, width / FULL_WIDTH);
  const { outline, nipple } = mlo ? mloOutline(random, scale, options.depth) : ccOutline(random, scale, options.depth);
  const tilt = mlo ? random.uniform(-0.32, -0.08) : random.uniform(-0.1, 0.1);
  const axis = { x: -cos(tilt), y: sin(tilt) };
  const bump = { x: nipple.x + random.uniform(-4.5, 0), y: nipple.y, radius: random.uniform(3.8, 5.6) };
  const skin = createDistanceGrid(outline, bump, { width, height: FIELD_HEIGHT }, 2);
  const depth = nipple.x / -axis.x;
  const density = options.density ?? Math.min(1, Math.max(0, 0.45 + 0.28 * random.normal()));
  const disc = {
    along: depth * random.uniform(0.36, 0.46),
    across: random.uniform(-9, 7) * scale,
    halfAlong: depth * random.uniform(0.38, 0.5),
    halfAcross: random.uniform(36, 54) * scale,
  };
  const reach = mlo ? Math.min(random.uniform(32, 62) * scale, edgeAtTop(skin, width) - 18 * scale) : 0;
  const pectoral = mlo
    ? {
        top: Math.max(10 * scale, reach),
        bottom: random.uniform(72, 128),
        bend: random.uniform(-0.1, 0.3),
        brightness: random.uniform(0.18, 0.3),
      }
    : undefined;
  const roll = random.uniform(19, 30) * scale;
  return { mlo, width, height: FIELD_HEIGHT, skin, nipple, axis, depth, disc, pectoral, density, roll };
}

/** Where the skin crosses the top of the image, mm from the chest wall. */
function edgeAtTop(skin: DistanceGrid, width: number): number {
  let x = 0;
  while (x < width && distanceAt(skin, x, 1) > 0) x += 1;
  return x;
}

/** How far a place lies inside the pectoral muscle, mm; negative outside. */
export function pectoralDepth(anatomy: Anatomy, x: number, y: number): number {
  const p = anatomy.pectoral;
  if (p === undefined) return -1000;
  const t = y / p.bottom;
  // A slightly convex edge; below the end of the muscle the line continues outside the image.
  const edge = p.top * (1 - t) * (1 + p.bend * t);
  const slope = p.top / p.bottom;
  return (edge - x) / Math.sqrt(1 + slope * slope);
}
