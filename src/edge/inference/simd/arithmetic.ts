/**
 * @module
 * Steps around the networks, by the kernels and in the networks' arena. They begin anew with every call, as networks do; the
 * plan of the global network counts their memory.
 */
import type { Arithmetic } from "../../../glam/contracts.ts";
import { levelsOf, standardisationOfLevels } from "../../../glam/standardise.ts";
import type { Arena } from "./arena.ts";
import { arenaStart } from "./kernels.ts";
import type { NetworkShape } from "./network-shape.ts";
import { layRegions, type Regions } from "./plan-block.ts";

/** Bytes of pixels that are counted at once. */
const PIECE = 65536;

/** Where counting and pooling work, behind `arenaStart`: one after the other in the same place. */
export type ArithmeticPlan = {
  measure: Regions<"pixels" | "counts">;
  pool: Regions<"values" | "keys">;
  /** Most values of a map that is pooled. */
  cells: number;
  /** Linear memory, `arenaStart` included. */
  bytes: number;
};

/** @example planArithmetic(globalShape(spec)).bytes // 393216 for the released spec */
export function planArithmetic({ taps }: NetworkShape): ArithmeticPlan {
  const sizes = taps.map(({ input, resized = input }) => resized.height * resized.width);
  const cells = Math.max(...sizes);
  const measure = layRegions({ pixels: PIECE, counts: 65536 * 4 });
  const pool = layRegions({ values: cells * 4, keys: cells * 4 });
  return { measure, pool, cells, bytes: arenaStart + Math.max(measure.bytes, pool.bytes) };
}

/** The core's functions on an arena that has room for the plan when they are called. */
export function createArithmetic(arena: Arena, plan: ArithmeticPlan): Arithmetic {
  const { kernels, memory } = arena;
  return {
    measureStandardisation({ pixels }) {
      arena.reserve(plan.bytes);
      const at = arenaStart + plan.measure.offsets.pixels;
      const bytes = new Uint8Array(memory.buffer);
      const counts = new Uint32Array(memory.buffer, arenaStart + plan.measure.offsets.counts, levelsOf(pixels));
      const raw = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      const count = pixels instanceof Uint8Array ? kernels.countLevels8 : kernels.countLevels16;
      counts.fill(0);
      for (let from = 0; from < raw.length; from += PIECE) {
        const piece = raw.subarray(from, from + PIECE);
        bytes.set(piece, at);
        count(at, piece.length / pixels.BYTES_PER_ELEMENT, counts.byteOffset);
      }
      return standardisationOfLevels(counts, pixels.length);
    },
    topKMean(values, k) {
      if (values.length > plan.cells) throw new RangeError("the map is larger than the plan's");
      arena.reserve(plan.bytes);
      const { offsets } = plan.pool;
      new Float32Array(memory.buffer).set(values, (arenaStart + offsets.values) / 4);
      return kernels.topKMean(arenaStart + offsets.values, values.length, k, arenaStart + offsets.keys);
    },
  };
}
