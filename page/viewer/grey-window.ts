/**
 * @module
 * Window and level: which grey values are shown from black to white.
 */
import type { Canvas } from "../../src/glam/contracts.ts";

/** Centre and width in grey values of the image. */
export type GreyWindow = { centre: number; width: number };

/** Grey values by which windows are chosen; quantiles of what is not background. */
export type GreyLevels = { top: number; p01: number; p25: number; p50: number; p995: number; max: number };

export const presets = ["auto", "full", "dense", "fatty"] as const;
export type Preset = (typeof presets)[number];

/** What presets are called, and what for. */
export const presetNames: Record<Preset, string> = {
  auto: "Auto",
  full: "Full range",
  dense: "Dense tissue",
  fatty: "Fat and skin",
};

/** Quantiles of the foreground (pixels > 0). @param bits of the image */
export function measureGrey({ pixels }: Canvas, bits: number): GreyLevels {
  const top = 2 ** bits - 1;
  const histogram = new Uint32Array(top + 1);
  for (const pixel of pixels) histogram[pixel]++;
  const total = pixels.length - histogram[0];
  const quantile = (share: number): number => {
    let seen = 0;
    for (let value = 1; value <= top; value++) {
      seen += histogram[value];
      if (seen >= share * total) return value;
    }
    return top;
  };
  return { top, p01: quantile(0.01), p25: quantile(0.25), p50: quantile(0.5), p995: quantile(0.995), max: quantile(1) };
}

/** The window of a preset. */
export function presetWindow(preset: Preset, levels: GreyLevels): GreyWindow {
  const between = (low: number, high: number): GreyWindow => ({
    centre: (low + high) / 2,
    width: Math.max(1, high - low),
  });
  switch (preset) {
    case "auto":
      return between(levels.p01 * 0.6, levels.p995);
    case "full":
      return between(0, levels.top);
    case "dense":
      return between(levels.p25, levels.max);
    case "fatty":
      return between(0, levels.p50 * 1.25);
  }
}

/** Grey value -> 0 to 255 on screen, for every value of the image. */
export function lookupTable({ centre, width }: GreyWindow, top: number, invert: boolean): Uint8ClampedArray {
  const low = centre - width / 2;
  const table = new Uint8ClampedArray(top + 1);
  for (let value = 0; value <= top; value++) {
    const shown = (255 * (value - low)) / Math.max(1, width);
    table[value] = invert ? 255 - Math.min(255, Math.max(0, shown)) : shown;
  }
  return table;
}
