/**
 * @module
 * Which areas of a map are outlined: hysteresis thresholding (Canny, 1986). The upper threshold decides whether an area is
 * outlined, the lower one its extent.
 */
import type { PeakedComponent } from "./runs.ts";

/** Values in the unit of the map. */
export type Outlining = {
  /** An area is outlined where some pixel reaches it. */
  threshold: number;
  /** An area is a 4-connected set of pixels that reach this; default `threshold`. */
  low?: number | undefined;
  /** Smaller areas get no outline; default 1. */
  leastPixels?: number | undefined;
};

/** @param area of pixels that reach `low` */
export const isOutlined = ({ area, peak }: PeakedComponent, { threshold, leastPixels = 1 }: Outlining): boolean =>
  peak >= threshold && area >= leastPixels;

/** The fewest pixels whose area is at least `mm2`. @param spacing side of a pixel, mm */
export const pixelsOfArea = (mm2: number, spacing: number): number => Math.max(1, Math.ceil(mm2 / spacing ** 2 - 1e-9));
