/**
 * @module
 * The buffers of one request: planned before it is computed, and reported to the isolate's ledger stage by stage.
 */
import type { NetworkFile, RuntimeName } from "../../contract/manifest.ts";
import { localMapSide, type Size, type Spec } from "../../glam/spec.ts";
import { globalShape, localShape } from "../inference/simd/network-shape.ts";
import { planNetwork } from "../inference/simd/plan.ts";
import type { BufferShare } from "./memory-ledger.ts";

/** What a plan depends on. */
export type PlannedRequest = {
  spec: Spec;
  regions: number;
  bits: 8 | 16;
  /** Pixels of the largest tile. */
  tile: Size;
  uploadBytes: number;
  /** Crops under way at once. */
  underWay: number;
  /** What runs the global network. */
  runtime: RuntimeName;
};

/** Bytes by purpose, and the most that are held at once. */
export type RequestPlan = {
  canvas: number;
  decoding: number;
  input: number;
  maps: number;
  crops: number;
  localMaps: number;
  answer: number;
  /** Once the canvas is gone. */
  afterCut: number;
  peak: number;
};

/**
 * Of each class, for each cell that differs from its neighbours: up to 4 bytes of PNG, the same in base64, in the answer's
 * JSON and in the response. Measured on noise, which compresses worst: 2.6 bytes of PNG.
 */
const ANSWER_BYTES = 2 * (4 + 3 * Math.ceil((4 * 4) / 3));
/** More than what a PNG takes besides its bytes: symbols of a block, codes, three rows. */
const PNG_BYTES = 768 * 1024;

/** @returns the buffers of one request besides its networks */
export function planRequest({
  spec,
  regions,
  bits,
  tile,
  uploadBytes,
  underWay,
  runtime,
}: PlannedRequest): RequestPlan {
  const pixels = spec.canvas.height * spec.canvas.width;
  const cells = spec.saliency.height * spec.saliency.width;
  const side = localMapSide(spec);
  const bytes = bits / 8;
  const crop = spec.crop ** 2 * bytes;
  const canvas = pixels * bytes;
  // A copy of the file without its comments, inflated data, filtered rows, pixels.
  const decoding = 4 * tile.height * tile.width * bytes;
  // onnxruntime-web takes the whole image in float32, the engine makes it of raw pixels in its own memory.
  const input = runtime === "ort" ? pixels * 4 : 65536 * 4;
  const maps = 4 * 2 * cells * 4;
  // Cut out, in a message, and received: where crops run in this isolate all three are there.
  const crops = regions * crop + 2 * Math.min(regions, underWay) * crop;
  const localMaps = regions * 2 * side * side * 4;
  const outlines = (2 * pixels) / 8;
  const answer = outlines + PNG_BYTES + (cells + regions * side * side) * ANSWER_BYTES;
  const afterCut = Math.max(maps + crops + localMaps, maps + localMaps + answer);
  const peak = Math.max(
    uploadBytes + canvas + decoding,
    canvas + input + maps,
    canvas + maps + regions * crop,
    afterCut,
  );
  return { canvas, decoding, input, maps, crops, localMaps, answer, afterCut, peak };
}

/**
 * Bytes that networks will have in an isolate, as far as that is known: the engine's networks share one memory, which is
 * as large as the larger plan, and keep their weights. What onnxruntime-web takes shows only when it runs.
 */
export function planNetworks(spec: Spec, files: { global: NetworkFile; local?: NetworkFile }): number {
  let linear = 0;
  let weights = 0;
  for (const which of ["global", "local"] as const) {
    const found = files[which];
    if (found?.runtime !== "simd") continue;
    linear = Math.max(linear, planNetwork(which === "global" ? globalShape(spec) : localShape(spec)).bytes);
    weights += found.file.bytes;
  }
  return linear + weights;
}

/** The stages of a request, in order. */
export type RequestAccount = {
  /** Before the canvas is made. @throws GlamError `out-of-memory`, `busy` */
  decoding(bits: 8 | 16): void;
  /** Tiles are gone. */
  decoded(): void;
  /** The global network has its input. */
  running(): void;
  /** Crops are cut, the canvas is gone. */
  cut(): void;
  /** Crops are back. */
  answering(): void;
};

/**
 * @param plan buffers for each depth of pixels
 * @param networks bytes that this isolate's networks will have
 */
export function accountRequest(
  share: BufferShare,
  plan: (bits: 8 | 16) => RequestPlan,
  networks: number,
): RequestAccount {
  let known = plan(8);
  return {
    decoding(bits) {
      known = plan(bits);
      share.plan(known.peak, networks);
      share.hold("canvas", known.canvas);
      share.hold("decoding", known.decoding);
    },
    decoded() {
      share.hold("decoding", 0);
      share.hold("upload", 0);
    },
    running() {
      share.hold("input", known.input);
      share.hold("maps", known.maps);
    },
    cut() {
      share.hold("input", 0);
      share.hold("canvas", 0);
      share.hold("crops", known.crops + known.localMaps);
      // Where crops run in this isolate, they need some of that room.
      share.plan(known.afterCut, networks);
    },
    answering() {
      share.hold("crops", known.localMaps);
      share.hold("answer", known.answer);
    },
  };
}
