/**
 * @module
 * Whether an image's background is 0 and its breast grows from the left edge, as the networks were trained. The thresholds and
 * what they were measured on: docs/decisions/0001.
 */
import type { Canvas } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { backgroundBlocks, survey } from "./background-blocks.ts";
import { type Edge, edges } from "./edges.ts";

/** A warning about an accepted image. */
export type CanvasWarning = { code: "background-noisy"; detail: string };

/** Even a breast that fills the window leaves corners of it empty. */
const minZeroShare = 0.005;

/** The breast's outline touches its far edge in a point; an offset background reaches it over the whole height. */
const minZeroShareOfFarEdge = 0.1;

/** A background varies along the edge by less than this share of the brightest pixel; a cut through tissue by more. */
const maxEdgeSpread = 0.08;

/** Share of background blocks that are not all 0, above which it is worth a warning; clean films stay below 1 %. */
const maxNoisyShare = 0.05;

/** Share of zeros with a neighbour that is not 0; clean images stay below 4 %, small ones included. */
const maxRaggedShare = 0.1;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const remedy =
  "Set everything outside the breast to exactly 0, mirror right views so that the breast grows from the left edge, and invert images in which air is white.";

/** A breast ends in a point, so at its far edge it fills less than half, and never twice as much as at the chest wall. */
const isMirrored = (near: Edge, far: Edge): boolean =>
  1 - far.zeroShare > 0.5 && 1 - near.zeroShare < 0.5 * (1 - far.zeroShare);

/**
 * Checks the background and the orientation of an image that is not constant.
 * @returns a warning when the background is nearly but not exactly 0
 * @throws GlamError `background-not-zero`, `orientation-unclear`
 */
export function checkBackground(canvas: Canvas): CanvasWarning[] {
  const { pixels } = canvas;
  const found = survey(canvas);
  const { zeros, brightest, ragged } = found;
  if (zeros < minZeroShare * pixels.length) {
    const detail = `Only ${percent(zeros / pixels.length)} of the pixels are 0. ${remedy}`;
    throw new GlamError("background-not-zero", detail);
  }
  const { near, far } = edges(canvas);
  if (far.zeroShare < minZeroShareOfFarEdge && far.spread < maxEdgeSpread * brightest) {
    const detail = `At the right end of the image nearly all pixels have values around ${far.median} instead of 0. ${remedy}`;
    throw new GlamError("background-not-zero", detail);
  }
  if (isMirrored(near, far)) {
    const detail =
      "The breast seems to grow from the right edge. Mirror the image so that its chest wall is at the left.";
    throw new GlamError("orientation-unclear", detail);
  }
  const { background, noisy, all } = backgroundBlocks(found);
  const clean = noisy <= maxNoisyShare * background || noisy <= 0.01 * all;
  if (clean && ragged <= maxRaggedShare) return [];
  const share = Math.max(ragged, clean ? 0 : noisy / background);
  const detail = `${percent(share)} of the background has values that are not exactly 0, which shifts the standardisation. ${remedy}`;
  return [{ code: "background-noisy", detail }];
}
