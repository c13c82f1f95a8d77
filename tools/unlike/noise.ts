/**
 * @module
 * Noise in the shape of a breast, on a background of 0.
 */
import type { Random } from "../../src/phantom/random.ts";
import { draw, type Raster } from "./raster.ts";

/** Every pixel of the breast on its own. */
export const whiteNoise = ({ levels, ...size }: Raster, random: Random): Raster =>
  draw(size, (y, x) => (levels[y * size.width + x] === 0 ? 0 : random.uniform(1, 255)));
