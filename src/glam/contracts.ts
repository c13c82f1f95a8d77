/**
 * @module
 * What the pure algorithm and its adapters agree on: images in, networks and crops through, maps out.
 */
import type { Size } from "./spec.ts";

/** Raw grey pixels of a whole canvas, background 0: `[height, width]` row-major, 8 or 9 to 16 bits in one image. */
export type Canvas = Size & { pixels: Uint8Array | Uint16Array };

/** How a canvas is standardised: x = (pixel - mean) / max(std, 1e-5), over the whole canvas, std with divisor N. */
export type Standardisation = { mean: number; std: number };

/** One probability map per class: `[2, height, width]` row-major; class 0 is benign, 1 malignant. */
export type ClassMaps = Size & { data: Float32Array };

/** A square box in canvas pixels; may reach outside the canvas. */
export type Box = { top: number; left: number; height: number; width: number };

/** A chosen region; rank 0 was chosen first. */
export type Region = { rank: number; box: Box };

/** Rows [from, to) of a map. */
export type Band = readonly [from: number, to: number];

/** One crop on its way to the local network: raw pixels `[side, side]` and how to standardise them. */
export type Crop = {
  rank: number;
  side: number;
  pixels: Uint8Array | Uint16Array;
  standardisation: Standardisation;
  /** Rows of the map that are wanted; all when not given. */
  band?: Band;
};

/** The quantised or full-precision global network of one model. */
export interface GlobalNetwork {
  /**
   * @param image standardised canvas, Float32Array `[H, W]`
   * @returns the three sigmoid maps s1, s2, s3 at saliency size, each `[2, h, w]`, probability
   */
  run(image: Float32Array): Promise<[Float32Array, Float32Array, Float32Array]>;
}

/** The local network of one model. */
export interface LocalNetwork {
  /**
   * @param crop standardised crop, Float32Array `[side, side]`
   * @param band rows of the map that are wanted; all when not given
   * @returns sigmoid map, Float32Array `[2, rows, side']`, probability, side' = `localMapSide(spec)`
   */
  run(crop: Float32Array, band?: Band): Promise<Float32Array>;
}

/**
 * Runs the local network on one crop, here or elsewhere. Rejects with a {@link GlamError} when the crop cannot be had.
 * @returns Float32Array `[2, side', side']`, probability
 */
export type SegmentCrop = (crop: Crop, signal: AbortSignal) => Promise<Float32Array>;
