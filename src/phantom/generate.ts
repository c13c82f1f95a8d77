/**
 * @module
 * One phantom from one seed: anatomy, tissue, lesions, film, view.
 */
import { GlamError } from "../glam/problem.ts";
import { type Anatomy, createAnatomy, FIELD_HEIGHT } from "./anatomy.ts";
import { drawLesion } from "./draw-lesion.ts";
import { exposeFilm } from "./film.ts";
import { addFilmFrame } from "./film-frame.ts";
import { planKinds, planLesions } from "./lesion-plan.ts";
import { mirrorLesion, mirrorPixels } from "./mirror.ts";
import { createRandom } from "./random.ts";
import { drawStraySpecks, type Layer } from "./strands.ts";
import { renderTissue } from "./tissue.ts";
import { type Lesion, type LesionKind, type Phantom, type PhantomOptions, type View, views } from "./types.ts";

/** Most lesions that one phantom can hold. */
const MAX_LESIONS = 6;

/**
 * Generates a phantom. Left views have the chest wall at the left edge, right views are mirrored.
 * @returns pixels `[height, width]`, 0 outside the breast (unless `framed`), and the exact lesions
 * @throws GlamError `invalid-request` when an option is out of range
 * @example const phantom = generatePhantom({ seed: 7, height: 1536, width: 1024, bits: 8, view: "L-MLO" });
 */
export function generatePhantom(options: PhantomOptions): Phantom {
  checkOptions(options);
  const { seed, height, width, view, density } = options;
  const spacing = FIELD_HEIGHT / height;
  const anatomy = createAnatomy({ seed, mlo: view.endsWith("MLO"), width: width * spacing, density });
  const random = createRandom(seed, "lesions");
  return renderPhantom(options, anatomy, (layer) =>
    planLesions(anatomy, random, planKinds(random, options.lesions)).map((plan) => drawLesion(layer, random, plan)),
  );
}

/** From the anatomy to the film. @param drawLesions draws into the tissue of a left view */
export function renderPhantom(
  options: PhantomOptions,
  anatomy: Anatomy,
  drawLesions: (layer: Layer) => Lesion[],
): Phantom {
  const { seed, height, width, bits, view } = options;
  const spacing = FIELD_HEIGHT / height;
  const layer = renderTissue(anatomy, seed, height, width);
  drawStraySpecks(layer, anatomy, createRandom(seed, "specks"));
  const drawn = drawLesions(layer);
  const exposed = exposeFilm(layer, seed, bits);
  const right = view.startsWith("R");
  const pixels = right ? mirrorPixels(exposed, width) : exposed;
  const lesions = right ? drawn.map((lesion) => mirrorLesion(lesion, width)) : drawn;
  if (options.framed) addFilmFrame({ pixels, height, width, bits, view, seed });
  const has = (kind: LesionKind) => (lesions.some((lesion) => lesion.kind === kind) ? 1 : 0);
  const labels = { benign: has("benign"), malignant: has("malignant") } as const;
  return { height, width, bits, pixels, view, lesions, labels, pixelSpacing: spacing, seed };
}

/** The view that data sets give to a seed: each of the four in a quarter of the seeds. */
export const viewOfSeed = (seed: number): View => views[createRandom(seed, "view").below(views.length)];

/**
 * Exact union of the masks of one kind.
 * @returns 0 or 1, `[height, width]` row-major
 */
export function classMask(phantom: Phantom, kind: LesionKind): Uint8Array {
  const mask = new Uint8Array(phantom.height * phantom.width);
  for (const lesion of phantom.lesions) {
    if (lesion.kind !== kind) continue;
    const { top, left, height, width } = lesion.box;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (lesion.mask[row * width + column] === 1) mask[(top + row) * phantom.width + left + column] = 1;
      }
    }
  }
  return mask;
}

/** @throws GlamError `invalid-request` when an option is out of range */
export function checkOptions({ seed, height, width, bits, view, lesions, density }: PhantomOptions): void {
  const need = (ok: boolean, at: string, what: string) => {
    if (!ok) throw new GlamError("invalid-request", `The phantom's ${at} must be ${what}.`, { at });
  };
  const integer = (value: number, low: number, high: number) =>
    Number.isInteger(value) && value >= low && value <= high;
  need(integer(seed, 0, Number.MAX_SAFE_INTEGER), "seed", "an integer from 0 to 2^53 - 1");
  need(integer(height, 64, 16384), "height", "64 to 16384 pixels");
  need(integer(width, 32, 16384), "width", "32 to 16384 pixels");
  need(width * 4 >= height, "width", "at least a quarter of the height");
  need(integer(bits, 8, 16), "bits", "8 to 16");
  need(views.includes(view), "view", `one of ${views.join(", ")}`);
  need(density === undefined || (density >= 0 && density <= 1), "density", "0 to 1");
  const count = typeof lesions === "object" ? lesions.length : (lesions ?? 0);
  need(integer(count, 0, MAX_LESIONS), "lesions", `0 to ${MAX_LESIONS} lesions`);
  const known = typeof lesions !== "object" || lesions.every((kind) => kind === "benign" || kind === "malignant");
  need(known, "lesions", "benign or malignant");
}
