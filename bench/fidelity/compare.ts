/**
 * @module
 * Difference of the engine's answer from PyTorch's on one canvas, and the tolerances.
 */
import { ErrorDistribution } from "../../tools/import/error-distribution.ts";
import type { Answer, Corner, Reference } from "./answer.ts";

/** Number format of a bundle's weights. */
export type WeightFormat = "int8" | "f32";

/** Differences of one canvas, or the worst of several. */
export type Difference = {
  /** The larger one of both classes' scores. */
  score: number;
  /** S, every cell. */
  saliencyP99: number;
  saliencyMax: number;
  /** Local maps of PyTorch's crops, whatever crops the engine has chosen. */
  localP99: number;
  localMax: number;
  /** The answer: the fused map, each with its own crops, every pixel. */
  fusedP99: number;
  fusedMax: number;
  /** From each of PyTorch's regions to the engine's nearest, the largest, along the axis that is farther; pixels. */
  regionPixels: number;
};

/** Largest differences that a format may have; `regionPixels` in cells of the saliency map. */
export const tolerances: Record<WeightFormat, Partial<Difference>> = {
  int8: { score: 0.01, saliencyP99: 0.03, fusedP99: 0.03, regionPixels: 1 },
  f32: { score: 1e-3, saliencyMax: 1e-3, fusedMax: 1e-3, regionPixels: 0 },
};

const distance = (a: Corner, b: Corner): number => Math.max(Math.abs(a.top - b.top), Math.abs(a.left - b.left));

/** How far a region is from the nearest of others. */
const distanceToAny = (corner: Corner, others: readonly Corner[]): number =>
  Math.min(...others.map((other) => distance(corner, other)));

/**
 * @param localMap runs the engine's local network on one of PyTorch's crops
 */
export async function compare(
  reference: Reference,
  engine: Answer,
  localMap: (corner: Corner) => Promise<Float32Array>,
): Promise<Difference> {
  const local = new ErrorDistribution();
  for (const [rank, corner] of reference.regions.entries()) {
    const same = engine.regions.findIndex((other) => distance(corner, other) === 0);
    local.add(reference.local[rank], same < 0 ? await localMap(corner) : engine.local[same]);
  }
  const saliency = new ErrorDistribution().add(reference.saliency, engine.saliency);
  const fused = new ErrorDistribution().add(reference.fused, engine.fused);
  return {
    score: Math.max(
      Math.abs(reference.scores.benign - engine.scores.benign),
      Math.abs(reference.scores.malignant - engine.scores.malignant),
    ),
    saliencyP99: saliency.percentile(0.99),
    saliencyMax: saliency.maximum,
    localP99: local.percentile(0.99),
    localMax: local.maximum,
    fusedP99: fused.percentile(0.99),
    fusedMax: fused.maximum,
    regionPixels: Math.max(...reference.regions.map((corner) => distanceToAny(corner, engine.regions))),
  };
}

const keys = [
  ...(["score", "saliencyP99", "saliencyMax", "localP99", "localMax", "fusedP99", "fusedMax"] as const),
  "regionPixels" as const,
];

/** The largest of each kind. */
export function worst(differences: readonly Difference[]): Difference {
  const largest = { ...differences[0] };
  for (const one of differences) for (const key of keys) largest[key] = Math.max(largest[key], one[key]);
  return largest;
}

/**
 * @param cell pixels of a saliency cell
 * @returns what exceeds the tolerances; NaN exceeds every one
 */
export function broken(found: Difference, format: WeightFormat, cell: number): string[] {
  return keys.filter((key) => {
    const most = tolerances[format][key];
    return most !== undefined && !(found[key] <= (key === "regionPixels" ? most * cell : most));
  });
}
