/**
 * @module
 * Lesions of phantoms in real films: images whose tissue is real and whose label is known. For training from image-level labels:
 * where the lesions are is not told.
 */
import type { Canvas } from "../glam/contracts.ts";
import { drawLesion } from "./draw-lesion.ts";
import { drawShape, filmShapes, type PlannedLesion, smaller } from "./lesion-plan.ts";
import { createRandom, type Random } from "./random.ts";
import type { Layer } from "./strands.ts";
import type { LesionKind, LesionShape } from "./types.ts";

type Place = Pick<PlannedLesion, "x" | "y" | "reach">;

/** How far the look of a lesion in films goes from that in phantoms: blurred by up to so many mm, contrast times so much. */
type FilmLook = { blurUpTo: number; strengths: readonly [number, number] };

const benignMass: FilmLook = { blurUpTo: 1, strengths: [0.45, 1.1] };
const malignantMass: FilmLook = { blurUpTo: 2.5, strengths: [0.45, 1.1] };
const specks: FilmLook = { blurUpTo: 0.3, strengths: [0.45, 1.1] };

/** Films are softer than phantoms, and lesions in them often have no margin at all, malignant ones above all. */
const filmLooks: Record<LesionShape, FilmLook> = {
  round: benignMass,
  oval: benignMass,
  lobulated: benignMass,
  "coarse-calcifications": specks,
  irregular: malignantMass,
  spiculated: malignantMass,
  distortion: malignantMass,
  asymmetry: malignantMass,
  calcifications: specks,
  // They are drawn as a scanner sees them, no need to blur them again.
  "fine-calcifications": { blurUpTo: 0, strengths: [0.15, 0.85] },
};

/** Attempts at a place, before the lesion gets smaller. */
const ATTEMPTS = 200;
/** No lesion gets smaller than this, mm; a breast without room for it stays as it is. */
const SMALLEST_REACH = 2;

/**
 * Draws lesions into a film.
 * @param film preprocessed canvas, 8 bits, chest wall at the left, 0 outside the breast
 * @param pixelSpacing side of a pixel, mm
 * @returns `[height, width]` bytes, 0 where the film is 0; or undefined when a lesion finds no place
 */
export function implantLesions(
  film: Canvas,
  pixelSpacing: number,
  seed: number,
  kinds: readonly LesionKind[],
): Uint8Array<ArrayBuffer> | undefined {
  const { height, width, pixels } = film;
  const layer: Layer = {
    height,
    width,
    spacing: pixelSpacing,
    data: new Float32Array(pixels).map((grey) => grey / 255),
  };
  const placed: Place[] = [];
  for (const kind of kinds) {
    // A stream for each kind: a film gets the same benign lesion whether or not it gets a malignant one.
    const random = createRandom(seed, `implant-${kind}`);
    let shape = drawShape(random, kind, random.uniform(0.8, 2.2), filmShapes);
    let place = findPlace(layer, random, placed, shape.reach);
    while (place === undefined && shape.reach > SMALLEST_REACH) {
      shape = smaller(shape);
      place = findPlace(layer, random, placed, shape.reach);
    }
    if (place === undefined) return undefined;
    const plan = { kind, ...shape, ...place };
    placed.push(plan);
    const { blurUpTo, strengths } = filmLooks[plan.sub];
    const blur = random.uniform(0.2, 1) ** 2 * blurUpTo;
    const strength = random.uniform(...strengths) + 0.1 * blur;
    drawLesion(layer, random, plan, { strength, blur });
  }
  // Breast stays breast: at least 1.
  return new Uint8Array(pixels).map((grey, i) =>
    grey === 0 ? 0 : Math.min(255, Math.max(1, Math.round(255 * layer.data[i]))),
  );
}

/** A place whose lesion would lie wholly on the breast, mm; not in the upper corner, where the pectoral muscle is. */
function findPlace({ height, width, spacing, data }: Layer, random: Random, others: readonly Place[], reach: number) {
  const inside = (x: number, y: number) => {
    const [row, column] = [Math.floor(y / spacing), Math.floor(x / spacing)];
    return row >= 0 && row < height && column >= 0 && column < width && data[row * width + column] > 0;
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const x = random.uniform(reach, width * spacing - reach);
    const y = random.uniform(reach, height * spacing - reach);
    if (2 * x + y < 80) continue;
    if (others.some((one) => (one.x - x) ** 2 + (one.y - y) ** 2 < (one.reach + reach) ** 2)) continue;
    const far = reach + 3;
    const corners = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [x + far * dx, y + far * dy] as const));
    // The chest wall is the left edge: what would lie behind it is not asked for.
    if (corners.every(([cx, cy]) => inside(Math.max(0, cx), cy))) return { x, y };
  }
  return undefined;
}
