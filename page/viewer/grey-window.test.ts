import { describe, expect, test } from "vitest";
import { lookupTable, measureGrey, presets, presetWindow } from "./grey-window.ts";

const canvas = {
  height: 10,
  width: 100,
  pixels: Uint16Array.from({ length: 1000 }, (_, i) => (i < 500 ? 0 : 1000 + (i - 500) * 4)),
};

describe("window and level", () => {
  const levels = measureGrey(canvas, 12);

  test("quantiles leave the background out", () => {
    expect(levels).toMatchObject({ top: 4095, p50: 1996, max: 2996 });
    expect(levels.p01).toBeLessThan(levels.p25);
    expect(levels.p25).toBeLessThan(levels.p995);
  });

  test("every preset shows something between black and white", () => {
    for (const preset of presets) {
      const table = lookupTable(presetWindow(preset, levels), levels.top, false);
      const shown = new Set(canvas.pixels.filter((pixel) => pixel > 0).map((pixel) => table[pixel]));
      expect(shown.size, preset).toBeGreaterThan(40);
    }
  });

  test("the middle of the window is grey, its ends are black and white, and inverting turns that round", () => {
    const plain = lookupTable({ centre: 2000, width: 1000 }, 4095, false);
    const inverted = lookupTable({ centre: 2000, width: 1000 }, 4095, true);
    expect([plain[1000], plain[1500], plain[2500], plain[3000]]).toEqual([0, 0, 255, 255]);
    expect(Math.abs(plain[2000] - 128)).toBeLessThan(2);
    for (const value of [0, 1700, 2000, 2300, 4095])
      expect(Math.abs(plain[value] + inverted[value] - 255)).toBeLessThan(2);
  });
});
