/**
 * @module
 * What goes into a phantom and what comes out.
 */
import type { Box } from "../glam/contracts.ts";
import type { View } from "../glam/view.ts";

export { type View, views } from "../glam/view.ts";

/** Changes whenever the same options would give other pixels. */
export const GENERATOR_VERSION = 1;

/** The two classes of lesions. */
export type LesionKind = "benign" | "malignant";

/** How a benign lesion looks. */
export type BenignShape = "round" | "oval" | "lobulated";
/** How a malignant lesion looks. */
export type MalignantShape = "irregular" | "spiculated" | "calcifications";
export type LesionShape = BenignShape | MalignantShape;

export type PhantomOptions = {
  /** Integer from 0 to 2^53 - 1. The same options and seed give the same bytes on every engine. */
  seed: number;
  /** Pixels; 64 to 16384. The height always stands for 206 mm. */
  height: number;
  /** Pixels; 32 to 16384. A canvas narrower than 134 mm gets a smaller breast. */
  width: number;
  /** Bits of a pixel, 8 to 16. */
  bits: number;
  view: View;
  /** How many lesions, or their kinds; sampled when missing (a quarter of the phantoms have none). 6 at most. */
  lesions?: number | readonly LesionKind[];
  /** 0 fatty to 1 dense; sampled when missing. */
  density?: number;
  /** Adds what a scanned film has (border, side label, fog), so that the background is not 0. Default false. */
  framed?: boolean;
};

export type Lesion = {
  kind: LesionKind;
  sub: LesionShape;
  /** Bounding box of the mask, canvas pixels. */
  box: Box;
  /** Centre of mass of the mask, canvas pixels. */
  centre: { row: number; col: number };
  /** Mask pixels. */
  area: number;
  /** 0 or 1, `[box.height, box.width]` row-major. */
  mask: Uint8Array;
};

export type Phantom = {
  height: number;
  width: number;
  bits: number;
  /** Raw grey, `[height, width]` row-major; 8 bits are bytes, 9 to 16 bits are 16-bit words holding 0 to 2^bits - 1. */
  pixels: Uint8Array | Uint16Array;
  view: View;
  lesions: Lesion[];
  /** Image-level labels: 1 when at least one lesion of the kind exists. */
  labels: Record<LesionKind, 0 | 1>;
  /** Side of a pixel, mm. */
  pixelSpacing: number;
  seed: number;
};
