/**
 * @module
 * What the pure algorithm and its adapters agree on: images in, networks and crops through, maps out.
 */
import type { Size } from "./spec.ts";

/** Raw grey pixels of a whole canvas, background 0: `[height, width]` row-major, 8 or 9 to 16 bits in one image. */
export type Canvas = Size & { pixels: Uint8Array | Uint16Array };

/** How a canvas is standardised: x = (pixel - mean) / max(std, 1e-5), over the whole canvas, std with divisor N. */
export type Standardisation = { mean: number; std: number };

/** One probability map, computed a row at a time: a whole one of the released size has 22 MB in float32. */
export type MapRows = Size & {
  /** @returns `[width]`, probability; the next call may write over it */
  row(y: number): Float32Array;
  /** Whether row `y` is known to equal the one above it, as most rows of a map that was resized do. */
  repeats(y: number): boolean;
};

/** One probability map per class: `[2, height, width]` row-major; class 0 is benign, 1 malignant. */
export type ClassMaps = Size & { data: Float32Array };

/** A box in pixels; a region's box is square and may reach outside the canvas. */
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

/** One crop's answer: `[2, side', side']`, probability. */
export type LocalMap = { region: Region; side: number; data: Float32Array };

/** Raw pixels on their way into a network, row-major, and how to standardise them; a crop is one. */
export type RawImage = { pixels: Uint8Array | Uint16Array; standardisation: Standardisation };

/** What networks take: raw pixels, of which they make no more float32 than they need at once, or standardised values. */
export type NetworkImage = RawImage | Float32Array;

/**
 * Steps around the networks that a runtime computes faster than the core: the same numbers to the last bit. They may be called
 * whenever none of the runtime's networks is running.
 */
export type Arithmetic = {
  /** `measureStandardisation` */
  measureStandardisation(image: Pick<Canvas, "pixels">): Standardisation;
  /** `topKMean` of a map of no more than the saliency's size */
  topKMean(values: Float32Array, k: number): number;
};

/** The quantised or full-precision global network of one model. */
export interface GlobalNetwork {
  /**
   * @param image the canvas, `[H, W]`
   * @returns the three sigmoid maps s1, s2, s3 at saliency size, each `[2, h, w]`, probability
   */
  run(image: NetworkImage): Promise<[Float32Array, Float32Array, Float32Array]>;
  /** The runtime's own, if it has one; the core gives the same results. */
  readonly arithmetic?: Arithmetic | undefined;
}

/** The local network of one model. */
export interface LocalNetwork {
  /**
   * @param crop `[side, side]`
   * @param band rows of the map that are wanted; all when not given
   * @returns sigmoid map, Float32Array `[2, rows, side']`, probability, side' = `localMapSide(spec)`
   */
  run(crop: NetworkImage, band?: Band): Promise<Float32Array>;
}

/**
 * Runs the local network on one crop, here or elsewhere. Rejects with a {@link GlamError} when the crop fails.
 * @returns Float32Array `[2, side', side']`, probability
 */
export type SegmentCrop = (crop: Crop, signal: AbortSignal) => Promise<Float32Array>;
