/**
 * @module
 * Into how many bands a crop's map is cut, so that several invocations share one crop.
 */
import type { Band } from "../../glam/contracts.ts";
import { localMapSide, type Spec } from "../../glam/spec.ts";
import { bandMacs, cutBands } from "../inference/simd/band.ts";
import { localShape } from "../inference/simd/network-shape.ts";
import { CONNECTIONS } from "./dispatch.ts";
import type { Transport } from "./transport.ts";

/** What the choice depends on. */
export type BandChoice = {
  spec: Spec;
  /** Runs the local network. onnxruntime-web computes whole maps only. */
  runtime: "ort" | "simd";
  transport: Pick<Transport, "name" | "targets">;
  /** K, the crops of this request. */
  crops: number;
  /** The deployment's CROP_BANDS. */
  most: number;
};

/**
 * Multiplications of a local network below which a crop travels whole: every band expands all weights again, and on a small map
 * that, and the rows which both bands compute, cost more than sharing saves. `npm run bench -- bands` measures the crossover.
 */
const WORTH_SHARING = 200e9;

/**
 * As many bands as there are free places, at most `most`. Places that share a thread gain nothing.
 * @returns bands from the top, together all rows of the map
 */
export function chooseBands({ spec, runtime, transport, crops, most }: BandChoice): Band[] {
  const side = localMapSide(spec);
  const shape = localShape(spec);
  const parallel = transport.name === "durable-object" || transport.name === "https";
  const free = Math.floor(Math.min(CONNECTIONS, transport.targets) / crops);
  const count = Math.min(most, free);
  const worth = parallel && runtime === "simd" && bandMacs(shape, [0, side]) >= WORTH_SHARING;
  return worth && count > 1 ? cutBands(shape, count) : [[0, side]];
}
