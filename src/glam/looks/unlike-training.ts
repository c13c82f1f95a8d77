/**
 * @module
 * Whether a canvas is unlike the images that a model was trained on, by the statistics that the model's bundle carries.
 */
import * as z from "zod";
import type { Canvas } from "../contracts.ts";
import { type LookName, type Looks, lookNames, measureLooks } from "./measure.ts";

const boundsSchema = z.strictObject({ low: z.number(), high: z.number() }).refine(({ low, high }) => low < high, {
  message: "low is not below high",
});

/** `looks` of a manifest: bounds of the training images, and the distance from which on an image is unlike them. */
export const looksSchema = z.strictObject({
  fittedOn: z.string().min(1).describe("In plain words: which images, and how many."),
  bounds: z
    .strictObject({
      contrast: boundsSchema,
      rim: boundsSchema,
      spots: boundsSchema,
      diagonals: boundsSchema,
      stripes: boundsSchema,
      area: boundsSchema,
      bottom: boundsSchema,
    } satisfies Record<LookName, typeof boundsSchema>)
    .describe("Nine in ten training images lie between; each source counts the same."),
  threshold: z.number().positive().describe("How far off all looks together may be, 1 being one look at its bound."),
});

/** The validated statistics. */
export type TrainingLooks = z.infer<typeof looksSchema>;

/** The side of each look on which an image is unlike others, and the words for it. */
const sides: Record<LookName, { side: 1 | -1; words: string }> = {
  contrast: { side: -1, words: "little contrast" },
  rim: { side: 1, words: "bright towards the skin" },
  spots: { side: -1, words: "dark spots in bright tissue" },
  diagonals: { side: -1, words: "details of a photograph or of an enlarged image" },
  stripes: { side: 1, words: "stripes" },
  area: { side: 1, words: "much of the canvas filled" },
  bottom: { side: 1, words: "cut off below" },
};

/** Cap on one look's excess. */
const MOST = 6;

/** How far a look is off on its bad side: 0 in the middle of its bounds, 1 at the bound. */
function excess(looks: Looks, bounds: TrainingLooks["bounds"], name: LookName): number {
  const { low, high } = bounds[name];
  const off = (2 * looks[name] - low - high) / (high - low);
  return Math.min(MOST, Math.max(0, sides[name].side * off));
}

/** Root of the sum of the squares of all looks' {@link excess}. */
export const distance = (looks: Looks, bounds: TrainingLooks["bounds"]): number =>
  Math.hypot(...lookNames.map((name) => excess(looks, bounds, name)));

/** What the caller is told. */
export type UnlikeTraining = { code: "unlike-training"; detail: string };

/** @returns no warning when the bundle has no statistics */
export function unlikeTraining(canvas: Canvas, training: TrainingLooks | undefined): UnlikeTraining[] {
  if (training === undefined) return [];
  const { bounds, threshold } = training;
  const looks = measureLooks(canvas);
  if (distance(looks, bounds) <= threshold) return [];
  const off = lookNames.toSorted((a, b) => excess(looks, bounds, b) - excess(looks, bounds, a));
  const words = off.filter((name, i) => i === 0 || excess(looks, bounds, name) > 1).map((name) => sides[name].words);
  const detail =
    `The image is unlike those that the model was trained on: ${words.join(", ")}. ` +
    "Is it a whole mammogram, and no photograph, negative, slice or enlarged part of one? The scores may mean nothing.";
  return [{ code: "unlike-training", detail }];
}
