import { describe, expect, it } from "vitest";
import { convexHull } from "./calcifications.ts";
import { generatePhantom } from "./generate.ts";

describe("convexHull", () => {
  it("keeps the corners and drops what lies inside or on an edge", () => {
    const square = [
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 4 },
      { x: 0, y: 4 },
    ];
    const hull = convexHull([...square, { x: 2, y: 2 }, { x: 2, y: 0 }, { x: 1, y: 3 }]);
    expect(hull).toHaveLength(4);
    for (const corner of square) expect(hull).toContainEqual(corner);
  });
});

describe("a cluster", () => {
  it("has a convex mask with many bright specks in it", () => {
    let clusters = 0;
    for (let seed = 0; clusters < 2 && seed < 40; seed++) {
      const options = { seed, height: 736, width: 480, bits: 12, view: "L-CC", density: 0.2 } as const;
      const phantom = generatePhantom({ ...options, lesions: ["malignant"] });
      const [{ sub, box, mask }] = phantom.lesions;
      if (sub !== "calcifications") continue;
      clusters += 1;
      for (let row = 0; row < box.height; row++) {
        // In a convex mask every row is one run.
        const line = [...mask.subarray(row * box.width, (row + 1) * box.width)].join("");
        expect(line).toMatch(/^0*1+0*$/);
      }
      const without = generatePhantom({ ...options, lesions: 0 });
      let bright = 0;
      for (let i = 0; i < mask.length; i++) {
        const at = (box.top + Math.floor(i / box.width)) * phantom.width + box.left + (i % box.width);
        if (phantom.pixels[at] - without.pixels[at] > 0.06 * 4096) bright += 1;
      }
      expect(bright).toBeGreaterThan(15);
    }
    expect(clusters).toBe(2);
  });
});
