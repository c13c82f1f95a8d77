/**
 * @module
 * A checkpoint of any spec with seeded random weights: for tests and benchmarks that need a network but no trained one.
 */
import type { Spec } from "../../src/glam/spec.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { expectedLayout } from "./layout.ts";
import type { Checkpoint } from "./read-checkpoint.ts";

/**
 * Convolutions are scaled so that activations neither vanish nor explode; BatchNorm statistics are near 1 and 0 but never
 * exactly, so that forgetting one of them shows.
 */
export function randomCheckpoint(spec: Spec, seed: number): Checkpoint {
  const random = createRandom(seed, "checkpoint");
  const checkpoint: Checkpoint = new Map();
  for (const [name, shape] of expectedLayout(spec)) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const spread = shape.length > 1 ? Math.sqrt(1.4 / (data.length / shape[0])) : 0.1;
    const centre = /running_var$|bn.*\.weight$|downsample\.1\.weight$/.test(name) ? 1 : 0;
    checkpoint.set(name, { shape, data: data.map(() => centre + spread * random.normal()) });
  }
  return checkpoint;
}
