/**
 * @module
 * Negatives: what is bright becomes dark.
 */
import { draw, type Raster } from "./raster.ts";

/** Everything inverted, the background, too: white air. */
export const negative = ({ levels, ...size }: Raster): Raster => ({
  ...size,
  levels: levels.map((level) => 255 - level),
});

/** The breast inverted between its darkest and its brightest level; the background stays 0, as if it had been cleared. */
export function negativeBreast({ levels, ...size }: Raster): Raster {
  const brightest = levels.reduce((most, level) => Math.max(most, level), 0);
  return draw(size, (y, x) => {
    const level = levels[y * size.width + x];
    return level === 0 ? 0 : brightest + 1 - level;
  });
}
