/**
 * @module
 * Magnified views: a part of a breast, 1.5 to 2 times as large.
 */
import type { Random } from "../../src/phantom/random.ts";
import { draw, type Raster, sampler } from "./raster.ts";

/** A window around a place in the breast; half of them begin at the chest wall. */
export function magnified(view: Raster, random: Random): Raster {
  const { height, width, levels } = view;
  const factor = random.uniform(1.5, 2);
  const [rows, cols] = [height / factor, width / factor];
  let [y, x] = [height / 2, width / 4];
  for (let tries = 0; tries < 100; tries++) {
    [y, x] = [random.below(height), random.below(width)];
    if (levels[y * width + x] > 0) break;
  }
  const top = Math.max(0, Math.min(height - rows, y - rows / 2));
  const left = random.chance(0.5) ? 0 : Math.max(0, Math.min(width - cols, x - cols / 2));
  const at = sampler(view);
  return draw(view, (row, col) => at(top + row / factor, left + col / factor));
}
