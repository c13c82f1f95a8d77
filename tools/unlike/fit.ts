/**
 * @module
 * Statistics of training images, by which a service recognises images that are unlike them.
 */
import { type Looks, lookNames } from "../../src/glam/looks/measure.ts";
import { distance, type TrainingLooks } from "../../src/glam/looks/unlike-training.ts";
import { GlamError } from "../../src/glam/problem.ts";

/** Bounds leave out this share of the training images at either end. */
const OUTSIDE = 0.05;

/** The threshold: this share of the training images lies nearer, plus a margin for other sources. */
const INSIDE = 0.97;
const ROOM = 1.05;

/** Fewest images, for the ends of a distribution. */
const FEWEST = 20;

/** Values, each with a weight; the weights sum to 1. */
type Weighted = readonly { value: number; weight: number }[];

/** The smallest value up to which there is this share of the weight. */
export function quantile(values: Weighted, share: number): number {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= share - 1e-9) return value;
  }
  return Number.NaN;
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/**
 * @param sources looks of the training images of each source; every source counts the same, however many images it has
 * @throws GlamError `invalid-request` when there are too few images, or a look is the same in all
 */
export function fitLooks(sources: ReadonlyMap<string, readonly Looks[]>): TrainingLooks {
  const all = [...sources.values()].flatMap((images) =>
    images.map((looks) => ({ looks, weight: 1 / images.length / sources.size })),
  );
  if (all.length < FEWEST) {
    throw new GlamError("invalid-request", `There are ${all.length} training images; it takes ${FEWEST}.`);
  }
  const boundsOf = (name: (typeof lookNames)[number]) => {
    const values = all.map(({ looks, weight }) => ({ value: looks[name], weight }));
    const [low, high] = [round(quantile(values, OUTSIDE)), round(quantile(values, 1 - OUTSIDE))];
    if (low < high) return { low, high };
    throw new GlamError("invalid-request", `The look "${name}" is the same in nearly all of the training images.`);
  };
  const bounds = Object.fromEntries(lookNames.map((name) => [name, boundsOf(name)])) as TrainingLooks["bounds"];
  const distances = all.map(({ looks, weight }) => ({ value: distance(looks, bounds), weight }));
  const counts = [...sources].map(([source, { length }]) => `${length} of ${source}`);
  return {
    fittedOn: `${all.length} training images: ${counts.join(", ")}`,
    bounds,
    threshold: round(ROOM * quantile(distances, INSIDE)),
  };
}
