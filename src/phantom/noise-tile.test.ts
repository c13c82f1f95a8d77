import { describe, expect, it } from "vitest";
import { createNoiseTile, sampleTile } from "./noise-tile.ts";

const options = { seed: 5, stream: "test", beta: 3, coarse: 51.2, fine: 1.6 };

describe("createNoiseTile", () => {
  it("has mean 0 and standard deviation 1, and repeats", () => {
    const tile = createNoiseTile(options);
    expect(tile.n * tile.spacing).toBeCloseTo(4 * 51.2);
    const mean = tile.data.reduce((sum, v) => sum + v, 0) / tile.data.length;
    const square = tile.data.reduce((sum, v) => sum + v * v, 0) / tile.data.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(square).toBeCloseTo(1, 4);
    expect(sampleTile(tile, -3.7, 210.1)).toBeCloseTo(sampleTile(tile, -3.7 + 204.8, 210.1 - 204.8), 5);
  });

  it("keeps its structure when it gets finer", () => {
    const coarse = createNoiseTile(options);
    const fine = createNoiseTile({ ...options, fine: 0.4 });
    let product = 0;
    let squares = 0;
    for (let y = 0; y < 200; y += 3) {
      for (let x = 0; x < 200; x += 3) {
        product += sampleTile(coarse, x, y) * sampleTile(fine, x, y);
        squares += sampleTile(fine, x, y) ** 2;
      }
    }
    expect(product / squares).toBeGreaterThan(0.9);
  });

  it("is another field for another stream or seed", () => {
    const a = createNoiseTile(options).data;
    for (const other of [
      { ...options, seed: 6 },
      { ...options, stream: "other" },
    ]) {
      const b = createNoiseTile(other).data;
      const correlation = a.reduce((sum, v, i) => sum + v * b[i], 0) / a.length;
      expect(Math.abs(correlation)).toBeLessThan(0.6);
    }
  });
});
