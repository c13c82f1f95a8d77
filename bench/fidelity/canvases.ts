/**
 * @module
 * Images to compare with: breasts of both projections and sides, fatty and dense, 8 to 16 bits, and one kind whose texture is
 * much noisier than any film's.
 */
import type { Canvas } from "../../src/glam/contracts.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { generatePhantom, type PhantomOptions } from "../../src/phantom/index.ts";
import { mirrorPixels } from "../../src/phantom/mirror.ts";
import { createRandom } from "../../src/phantom/random.ts";

/** A canvas and what to call it. */
export type NamedCanvas = { name: string; canvas: Canvas };

/** `grain`: deviation of the noise that is added to the breast, as a share of the full range. */
type Kind = Pick<PhantomOptions, "view" | "bits"> & { density?: number; grain?: number };

const kinds: Record<string, Kind> = {
  "L-CC": { view: "L-CC", bits: 12 },
  "L-MLO": { view: "L-MLO", bits: 12 },
  "R-CC, dense, 8 bits": { view: "R-CC", bits: 8, density: 1 },
  "R-MLO, fatty, 16 bits": { view: "R-MLO", bits: 16, density: 0 },
  "L-MLO, noise": { view: "L-MLO", bits: 14, grain: 0.2 },
};

/** Adds noise to everything that is not background, and keeps it off 0. */
function addGrain(pixels: Uint8Array | Uint16Array, most: number, grain: number, seed: number): void {
  const random = createRandom(seed, "grain");
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    pixels[i] = Math.max(1, Math.min(most, Math.round(pixels[i] + grain * most * random.normal())));
  }
}

/**
 * @param count at most how many; kinds take turns
 * @param seed of the first; seeds are consecutive
 */
export function* fidelityCanvases(spec: Spec, count: number, seed: number): Generator<NamedCanvas> {
  const names = Object.keys(kinds);
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length];
    const { grain, ...kind } = kinds[name];
    const { height, width, bits, view, pixels } = generatePhantom({ seed: seed + i, ...spec.canvas, ...kind });
    // Preprocessing mirrors right views, so that every breast grows from the left edge.
    const facing = view.startsWith("R") ? mirrorPixels(pixels, width) : pixels;
    if (grain) addGrain(facing, 2 ** bits - 1, grain, seed + i);
    yield { name, canvas: { height, width, pixels: facing } };
  }
}
