/**
 * @module
 * Makes the background 0 and finds the breast that is left.
 */

import type { Box } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { type FilmBreast, findFilmBreast } from "./film-breast.ts";
import { largestComponent } from "./largest-component.ts";
import { dilate, type Mask, maskWhere } from "./morphology.ts";
import { reduce, type Thumbnail } from "./reduce.ts";
import type { Background, GreyImage, PreprocessSteps } from "./types.ts";

/** On a clean export, at most this share of the foreground is dim and away from the breast: dead pixels. Films: 0.25 % or more. */
const DUST = 0.001;

/** Skin that the film path takes for background is nearer to the breast than this share of the longest side. */
const BESIDE = 0.02;

/** On a clean export, the breast that the film path finds has at least this share of the foreground; the rest is skin and folds. */
const COVERED = 0.9;

/** `image` has a background of 0; `outline` is the breast at the size of the thumbnail. */
export type Cleaned = { image: GreyImage; outline: Mask; background: Background; film?: PreprocessSteps["film"] };

/**
 * `zero` leaves the pixels unchanged. `film` keeps the breast and sets everything else to 0. `auto` takes `zero` when the
 * foreground (pixels > 0) is one piece, mostly the breast that `film` finds, and free of a film's noise.
 * @throws GlamError `breast-not-found`
 */
export function cleanBackground(image: GreyImage, choice: Background | "auto"): Cleaned {
  const thumbnail = reduce(image);
  const outline = nonZero(image, thumbnail);
  if (choice === "zero") return { image, outline: mainPiece(outline), background: "zero" };
  const found = findFilmBreast(thumbnail);
  if (choice === "auto" && isCleanExport(outline, thumbnail, found)) {
    return { image, outline: mainPiece(outline), background: "zero" };
  }
  const { floor, unit, factor } = thumbnail;
  const grey = (level: number) => Math.round(floor + level * unit);
  const { background, foreground, marker } = found.levels;
  return {
    image: { ...image, pixels: keepOnly(image, found.mask, factor) },
    outline: found.mask,
    background: "film",
    film: {
      box: sourceBox(found.area, factor, image),
      background: grey(background),
      foreground: grey(foreground),
      marker: grey(marker),
    },
  };
}

/** Squares of the thumbnail in which at least half of the pixels are not 0. */
function nonZero({ height, width, pixels }: GreyImage, { factor, ...small }: Thumbnail): Mask {
  const counts = new Uint32Array(small.height * small.width);
  for (let y = 0, i = 0; y < height; y++) {
    const start = Math.floor(y / factor) * small.width;
    for (let square = 0, x = 0; square < small.width; square++) {
      const end = Math.min(width, x + factor);
      for (; x < end; x++, i++) if (pixels[i] !== 0) counts[start + square]++;
    }
  }
  return maskWhere(small.height, small.width, (i) => 2 * counts[i] >= factor * factor);
}

function mainPiece(outline: Mask): Mask {
  const piece = largestComponent(outline);
  if (piece === undefined) throw new GlamError("breast-not-found", "No part of the image is brighter than 0.");
  return piece;
}

/** Whether the foreground (pixels > 0) is one piece, mostly the breast that was found, and free of a film's dim noise. */
function isCleanExport(outline: Mask, thumbnail: Thumbnail, { mask, levels }: FilmBreast): boolean {
  const near = dilate(mask, Math.round(BESIDE * Math.max(mask.height, mask.width)));
  const piece = largestComponent(outline);
  let [total, inPiece, covered, dust] = [0, 0, 0, 0];
  for (let i = 0; i < outline.data.length; i++) {
    if (outline.data[i] === 0) continue;
    total++;
    inPiece += piece?.data[i] ?? 0;
    covered += mask.data[i];
    if (near.data[i] === 0 && thumbnail.levels[i] <= levels.foreground) dust++;
  }
  return covered >= COVERED * total && total - inPiece <= DUST * total && dust <= DUST * total;
}

/**
 * A copy with 0 outside the mask. The mask's steps are smoothed by linear interpolation; pixels inside become at least 1,
 * so that "greater than 0" means "breast".
 */
function keepOnly({ height, width, pixels }: GreyImage, mask: Mask, factor: number): Uint8Array | Uint16Array {
  const out = pixels instanceof Uint8Array ? new Uint8Array(pixels.length) : new Uint16Array(pixels.length);
  const upper = mix(width, mask.width, factor);
  const rows = mix(height, mask.height, factor);
  const line = new Float32Array(mask.width);
  for (let y = 0, i = 0; y < height; y++) {
    const a = rows.low[y] * mask.width;
    const b = rows.high[y] * mask.width;
    for (let x = 0; x < mask.width; x++) {
      line[x] = mask.data[a + x] * (1 - rows.part[y]) + mask.data[b + x] * rows.part[y];
    }
    for (let x = 0; x < width; x++, i++) {
      const inside = line[upper.low[x]] * (1 - upper.part[x]) + line[upper.high[x]] * upper.part[x];
      if (inside >= 0.5) out[i] = Math.max(1, pixels[i]);
    }
  }
  return out;
}

/** For each of `length` pixels its two neighbours among `small` samples, and the share of the second. */
function mix(length: number, small: number, factor: number): { low: Int32Array; high: Int32Array; part: Float32Array } {
  const at = (i: number) => Math.min(Math.max((i + 0.5) / factor - 0.5, 0), small - 1);
  const all = Float64Array.from({ length }, (_, i) => at(i));
  return {
    low: Int32Array.from(all, Math.floor),
    high: Int32Array.from(all, Math.ceil),
    part: Float32Array.from(all, (v) => v - Math.floor(v)),
  };
}

function sourceBox(area: Box, factor: number, { height, width }: GreyImage): Box {
  const [top, left] = [area.top * factor, area.left * factor];
  return {
    top,
    left,
    height: Math.min(height, top + area.height * factor) - top,
    width: Math.min(width, left + area.width * factor) - left,
  };
}
