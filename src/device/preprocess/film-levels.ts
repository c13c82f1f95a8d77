/**
 * @module
 * Levels that tell a film's background, its tissue and the things stuck on it apart.
 */
import type { Box } from "../../glam/contracts.ts";
import type { Thumbnail } from "./reduce.ts";

/** In levels of the thumbnail. */
export type FilmLevels = {
  /** The background's most frequent level. */
  background: number;
  /** Above it lies tissue, or something else on the film. */
  foreground: number;
  /** Above it, tissue and labels that touch each other at their dim edges are apart. */
  marker: number;
};

/** The foreground starts this share of the way from the background to the tissue. */
const SKIN = 0.045;

/** Markers start this share of the way from the background to Otsu's threshold. */
const MARKER = 0.35;

/** @param area where the film is */
export function findFilmLevels(thumbnail: Thumbnail, area: Box): FilmLevels {
  const histogram = new Float64Array(256);
  for (let y = area.top; y < area.top + area.height; y++) {
    for (let x = area.left; x < area.left + area.width; x++) histogram[thumbnail.levels[y * thumbnail.width + x]]++;
  }
  const otsu = otsuThreshold(histogram);
  const smooth = histogram.map((_, i) => {
    let sum = 0;
    for (let k = Math.max(0, i - 2); k <= Math.min(255, i + 2); k++) sum += histogram[k];
    return sum;
  });
  let background = 0;
  for (let level = 0; level <= otsu / 2; level++) if (smooth[level] > smooth[background]) background = level;
  // The mode's upper flank: where it has fallen to a tenth.
  let flank = background;
  while (flank < otsu / 2 && smooth[flank] > 0.1 * smooth[background]) flank++;
  const tissue = medianAbove(histogram, otsu);
  const skin = background + SKIN * (tissue - background);
  const foreground = Math.min(Math.max(skin, Math.min(flank, 2 * skin)), otsu);
  return { background, foreground, marker: Math.max(foreground, background + MARKER * (otsu - background)) };
}

/** Otsu's threshold: levels up to it are one class, those above it the other. */
export function otsuThreshold(histogram: Float64Array): number {
  let total = 0;
  let moment = 0;
  histogram.forEach((count, level) => {
    total += count;
    moment += count * level;
  });
  let below = 0;
  let momentBelow = 0;
  let best = 0;
  let most = -1;
  for (let level = 0; level < histogram.length - 1; level++) {
    below += histogram[level];
    momentBelow += level * histogram[level];
    if (below === 0 || below === total) continue;
    const difference = momentBelow / below - (moment - momentBelow) / (total - below);
    const variance = below * (total - below) * difference * difference;
    if (variance > most) [best, most] = [level, variance];
  }
  return best;
}

function medianAbove(histogram: Float64Array, threshold: number): number {
  let total = 0;
  for (let level = threshold + 1; level < 256; level++) total += histogram[level];
  let seen = 0;
  for (let level = threshold + 1; level < 256; level++) {
    seen += histogram[level];
    if (2 * seen >= total) return level;
  }
  return 255;
}
