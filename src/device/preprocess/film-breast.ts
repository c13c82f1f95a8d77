/**
 * @module
 * The breast on a scanned film, without border, label, tape and the grey of the film.
 */
import { labelComponents } from "../../glam/components.ts";
import type { Box } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { findFilmArea } from "./film-area.ts";
import { type FilmLevels, findFilmLevels } from "./film-levels.ts";
import { fillHoles, largestComponent } from "./largest-component.ts";
import { dilate, erode, type Mask, maskWhere } from "./morphology.ts";
import type { Thumbnail } from "./reduce.ts";
import { refuseInverted } from "./refuse-inverted.ts";
import { watershed } from "./watershed.ts";

/** A breast covers at least this share of the film. */
const SMALLEST = 0.03;

/** What is narrower than twice this share of the thumbnail's longest side is cut off the breast: tape, scratches, labels' edges. */
const OPENING = 0.02;

/** Things smaller than this share of the film are noise, not labels. */
const SPECK = 0.0002;

/** The breast in the thumbnail, the film's area and the levels that were used. */
export type FilmBreast = { mask: Mask; area: Box; levels: FilmLevels };

/** @throws GlamError `breast-not-found` */
export function findFilmBreast(thumbnail: Thumbnail): FilmBreast {
  const area = findFilmArea(thumbnail);
  refuseInverted(thumbnail, area);
  const levels = findFilmLevels(thumbnail, area);
  const film = cut(thumbnail, area);
  const { height, width } = film;
  const smooth = smoothed(film);
  const { labels, components } = labelComponents(height, width, (i) => smooth[i] > levels.marker);
  const order = components.map((component, k) => ({ area: component.area, label: k + 1 }));
  const largest = order.reduce((best, next) => (next.area > best.area ? next : best), { area: 0, label: 0 });
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] > 0 && components[labels[i] - 1].area < SPECK * labels.length) labels[i] = 0;
  }
  watershed(film, smooth, labels, (i) => smooth[i] > levels.foreground);
  const basin = maskWhere(height, width, (i) => labels[i] === largest.label);
  const mask = largest.label === 0 ? undefined : openBreast(basin, thumbnail);
  if (mask === undefined || count(mask) < SMALLEST * height * width) {
    throw new GlamError("breast-not-found", "Nothing on the film is large enough and bright enough to be a breast.");
  }
  return { mask: paste(mask, area, thumbnail), area, levels };
}

/** Opening that spares the edges of the film, then back to the original outline near what is left; holes filled. */
function openBreast(basin: Mask, { height, width }: Thumbnail): Mask | undefined {
  const radius = Math.max(1, Math.round(OPENING * Math.max(height, width)));
  const filled = fillHoles(basin);
  const core = largestComponent(erode(filled, radius, "ignored"));
  if (core === undefined) return undefined;
  const near = dilate(core, radius + Math.ceil(radius / 2));
  const data = near.data.map((inside, i) => inside & filled.data[i]);
  const whole = largestComponent({ ...near, data });
  return whole === undefined ? undefined : fillHoles(whole);
}

/** Means over 3 x 3, at the edges over what there is. */
function smoothed({ height, width, levels }: Thumbnail): Uint8Array {
  const out = new Uint8Array(levels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let n = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          sum += levels[v * width + u];
          n++;
        }
      }
      out[y * width + x] = Math.round(sum / n);
    }
  }
  return out;
}

function count({ data }: Mask): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum;
}

function cut(thumbnail: Thumbnail, area: Box): Thumbnail {
  const levels = new Uint8Array(area.height * area.width);
  for (let y = 0; y < area.height; y++) {
    const from = (area.top + y) * thumbnail.width + area.left;
    levels.set(thumbnail.levels.subarray(from, from + area.width), y * area.width);
  }
  return { ...thumbnail, height: area.height, width: area.width, levels };
}

function paste(mask: Mask, area: Box, { height, width }: Thumbnail): Mask {
  const data = new Uint8Array(height * width);
  for (let y = 0; y < area.height; y++) {
    data.set(mask.data.subarray(y * area.width, (y + 1) * area.width), (area.top + y) * width + area.left);
  }
  return { height, width, data };
}
