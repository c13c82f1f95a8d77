/**
 * @module
 * Slices of tomosynthesis, roughly: what lies above and below the plane is smeared along the tube's way, brightness is evened out
 * and edges are enhanced.
 */
import type { Random } from "../../src/phantom/random.ts";
import { blur, draw, type Raster } from "./raster.ts";

/** @param view background 0 */
export function tomosynthesisSlice(view: Raster, random: Random): Raster {
  const { levels, width } = view;
  const broad = blur(view, 40);
  const inside = blur(
    draw(view, (y, x) => (levels[y * width + x] > 0 ? 1 : 0)),
    40,
  );
  const soft = blur(view, random.below(2) + 1);
  const softer = blur(view, 5);
  const sharpening = random.uniform(1, 2.5);
  const contrast = random.uniform(0.35, 0.6);
  const middle = random.uniform(90, 130);
  return draw(view, (y, x) => {
    const i = y * width + x;
    if (levels[i] === 0) return 0;
    const local = broad.levels[i] / Math.max(0.05, inside.levels[i]);
    const detail = sharpening * (soft.levels[i] - softer.levels[i]);
    return Math.max(1, middle + contrast * (softer.levels[i] - local) + detail);
  });
}
