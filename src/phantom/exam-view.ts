/**
 * @module
 * One view of an examination of one woman: both views of a breast show the same lesions at the same depth, and her breasts are
 * alike in size and density.
 */
import { createAnatomy, FIELD_HEIGHT } from "./anatomy.ts";
import { drawLesion } from "./draw-lesion.ts";
import { checkOptions, renderPhantom } from "./generate.ts";
import { depthOf, placeLesions, planKinds, planLesions } from "./lesion-plan.ts";
import { createRandom } from "./random.ts";
import type { Phantom, PhantomOptions } from "./types.ts";

/**
 * Generates a view. `seed` is the woman, `lesions` those of the view's breast: give the same for both of its views.
 * @returns see `generatePhantom`; the lesions of both views come in the same order
 * @throws GlamError `invalid-request` when an option is out of range
 * @example
 * const breast = { seed: 7, height: 1536, width: 1024, bits: 12, lesions: ["malignant"] } as const;
 * const [cc, mlo] = (["L-CC", "L-MLO"] as const).map((view) => generateExamView({ ...breast, view }));
 */
export function generateExamView(options: PhantomOptions): Phantom {
  checkOptions(options);
  const { seed, height, width, view } = options;
  const side = view[0];
  const woman = createRandom(seed, "woman");
  const depth = woman.uniform(76, 104);
  const density = options.density ?? Math.min(1, Math.max(0, 0.4 + 0.22 * woman.normal()));
  // Tissue and outline of each breast are its own.
  const own = side === "R" ? seed : (seed + 2 ** 32) % 2 ** 53;
  const millimetres = { width: (width * FIELD_HEIGHT) / height, density, depth };
  const cc = createAnatomy({ seed: own, mlo: false, ...millimetres });
  const random = createRandom(seed, `${side} lesions`);
  const plans = planLesions(cc, random, planKinds(random, options.lesions));
  const draw = (anatomy: typeof cc, placed: typeof plans) =>
    renderPhantom({ ...options, seed: own }, anatomy, (layer) =>
      // Each lesion has a stream, so that it looks alike in both views.
      placed.map((plan, i) => drawLesion(layer, createRandom(seed, `${side} lesion ${i}`), plan)),
    );
  if (view.endsWith("CC")) return { ...draw(cc, plans), seed };
  const mlo = createAnatomy({ seed: own, mlo: true, ...millimetres });
  const depths = plans.map((plan) => depthOf(cc, plan));
  return { ...draw(mlo, placeLesions(mlo, createRandom(seed, `${side} places`), plans, depths)), seed };
}
