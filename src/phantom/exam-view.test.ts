import { describe, expect, it } from "vitest";
import { generateExamView } from "./exam-view.ts";
import type { Phantom, View } from "./types.ts";

const size = { height: 368, width: 240, bits: 8 } as const;
const spacing = 206 / size.height;

/** Rightmost column of the breast, mm from the chest wall. */
function depthOfBreast({ width, height, pixels, view }: Phantom): number {
  let most = 0;
  // Below the arm and above the fold, where the nipple is.
  for (let y = Math.floor(height * 0.35); y < height * 0.75; y++) {
    for (let x = 0; x < width; x++) {
      const column = view.startsWith("R") ? width - 1 - x : x;
      if (pixels[y * width + column] > 0) most = Math.max(most, x);
    }
  }
  return most * spacing;
}

/** How far a lesion lies from the front of the breast, mm. */
function lesionDepth(phantom: Phantom, i: number): number {
  const { col } = phantom.lesions[i].centre;
  const fromChestWall = phantom.view.startsWith("R") ? phantom.width - 1 - col : col;
  return depthOfBreast(phantom) - fromChestWall * spacing;
}

const view = (seed: number, view: View, lesions: readonly ("benign" | "malignant")[]) =>
  generateExamView({ ...size, seed, view, lesions });

describe("two views of one breast", () => {
  it.each([3, 14, 159, 2653])("show the same lesions at about the same depth, woman %i", (seed) => {
    for (const side of ["L", "R"] as const) {
      const lesions = ["malignant", "benign"] as const;
      const [cc, mlo] = [view(seed, `${side}-CC`, lesions), view(seed, `${side}-MLO`, lesions)];
      expect(cc.lesions.map(({ kind, sub }) => [kind, sub])).toEqual(mlo.lesions.map(({ kind, sub }) => [kind, sub]));
      expect(Math.abs(depthOfBreast(cc) - depthOfBreast(mlo))).toBeLessThan(8);
      for (const i of [0, 1]) {
        // The axis is tilted in MLO, so depth along the image's rows is only about the same.
        expect(Math.abs(lesionDepth(cc, i) - lesionDepth(mlo, i)), `${side} ${i}`).toBeLessThan(22);
        expect(cc.lesions[i].area / mlo.lesions[i].area).toBeGreaterThan(0.6);
        expect(cc.lesions[i].area / mlo.lesions[i].area).toBeLessThan(1.7);
      }
    }
  });

  it("is the same at every call, another woman another one, and the other breast has tissue of its own", () => {
    const one = view(5, "L-CC", []);
    expect(view(5, "L-CC", [])).toEqual(one);
    expect(view(6, "L-CC", []).pixels).not.toEqual(one.pixels);
    const other = view(5, "R-CC", []);
    expect(other.pixels.slice().reverse()).not.toEqual(one.pixels);
    expect(Math.abs(depthOfBreast(other) - depthOfBreast(one))).toBeLessThan(8);
    expect([one.lesions, one.labels.malignant, one.seed]).toEqual([[], 0, 5]);
  });

  it("refuses what generatePhantom refuses", () => {
    expect(() => view(-1, "L-CC", [])).toThrowError(/seed/);
  });
});
