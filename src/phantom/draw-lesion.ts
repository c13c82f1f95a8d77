/**
 * @module
 * A planned lesion becomes brightness in the tissue.
 */
import { drawCalcifications } from "./calcifications.ts";
import { applyPatch, describeLesion, localStatistics } from "./lesion-patch.ts";
import type { PlannedLesion } from "./lesion-plan.ts";
import { drawMass } from "./mass.ts";
import type { Random } from "./random.ts";
import type { Layer } from "./strands.ts";
import type { Lesion } from "./types.ts";

/** Draws one lesion into the tissue, bright enough for the tissue around it. */
export function drawLesion(layer: Layer, random: Random, plan: PlannedLesion): Lesion {
  const { mean, std } = localStatistics(layer, plan.x, plan.y, 1.5 * plan.radius + 2);
  const specks = plan.sub === "calcifications";
  const patch = specks ? drawCalcifications(layer, random, plan) : drawMass(layer, random, plan);
  const [low, high] = specks ? [0.2, 0.38] : plan.kind === "benign" ? [0.075, 0.17] : [0.1, 0.2];
  const contrast = random.uniform(low, high) + (specks ? 0.7 : 0.55) * std;
  applyPatch(layer, patch, contrast, mean);
  return describeLesion(layer, plan, patch);
}
