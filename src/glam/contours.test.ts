import { describe, expect, test } from "vitest";
import { labelComponents } from "./components.ts";
import { type Contour, type Ring, traceContours } from "./contours.ts";
import { rowsOf } from "./fused-map.ts";
import { pixelsOfArea } from "./outlining.ts";

/** Twice the signed area; positive is clockwise on screen (y down). */
const shoelace = (ring: Ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0) / 2;

const trace = (data: Float32Array, height: number, width: number, threshold: number): Contour[] =>
  traceContours(rowsOf({ height, width, data }, 0), { threshold });

const map = (rows: string[]) => Float32Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0));

describe("traceContours", () => {
  test("outlines one pixel along its edges", () => {
    expect(trace(map(["...", ".#.", "..."]), 3, 3, 0.5)).toEqual([
      {
        areaPixels: 1,
        box: { top: 1, left: 1, height: 1, width: 1 },
        rings: [
          [
            [1, 1],
            [2, 1],
            [2, 2],
            [1, 2],
            [1, 1],
          ],
        ],
      },
    ]);
  });

  test("gives an area with a hole two rings of opposite sense", () => {
    const [contour, ...rest] = trace(map(["####", "#..#", "####"]), 3, 4, 0.5);
    expect(rest).toEqual([]);
    expect(contour.rings.map(shoelace)).toEqual([12, -2]);
  });

  test("leaves out areas of fewer pixels, in mm2 by the size of a pixel", () => {
    const data = map(["##..#", "##...", "....."]);
    const of = (least: number) =>
      traceContours(rowsOf({ height: 3, width: 5, data }, 0), { threshold: 0.5, leastPixels: least });
    expect(of(1).map(({ areaPixels }) => areaPixels)).toEqual([4, 1]);
    expect(of(4)).toEqual([of(1)[0]]);
    expect(of(5)).toEqual([]);
    // 1 mm2 of pixels of 0.17 mm.
    expect(pixelsOfArea(1, 0.17)).toBe(35);
    expect(pixelsOfArea(4, 0.5)).toBe(16);
    expect(pixelsOfArea(0, 0.17)).toBe(1);
  });

  test("an area reaches as far as the lower threshold, and is one where some pixel reaches the upper one", () => {
    const data = Float32Array.of(0.2, 0.9, 0.2, 0, 0.2, 0, 0, 0.2, 0, 0.5);
    const rows = rowsOf({ height: 2, width: 5, data }, 0);
    const areas = (low?: number) => traceContours(rows, { threshold: 0.5, low }).map(({ areaPixels }) => areaPixels);
    expect(areas()).toEqual([1, 1]);
    expect(areas(0.2)).toEqual([4, 2]);
    expect(traceContours(rows, { threshold: 0.6, low: 0.2 })).toHaveLength(1);
    expect(traceContours(rows, { threshold: 0.91, low: 0.1 })).toEqual([]);
  });

  test("keeps areas apart that touch at a corner only", () => {
    const contours = trace(map(["#.", ".#"]), 2, 2, 0.5);
    expect(contours.map((c) => c.rings.length)).toEqual([1, 1]);
  });

  test("takes the threshold itself as inside, and finds nothing above the maximum", () => {
    expect(trace(new Float32Array(6).fill(0.25), 2, 3, 0.25)[0].areaPixels).toBe(6);
    expect(trace(new Float32Array(6).fill(0.25), 2, 3, 0.2501)).toEqual([]);
  });

  test("encloses exactly its pixels on random maps, with corners only where the outline turns", () => {
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let n = 0; n < 200; n++) {
      const height = 1 + Math.floor(random() * 12);
      const width = 1 + Math.floor(random() * 12);
      const values = Float32Array.from({ length: height * width }, random);
      const contours = trace(values, height, width, 0.45);
      const total = contours.reduce((sum, contour) => sum + contour.areaPixels, 0);
      expect(total).toBe(values.filter((v) => v >= 0.45).length);
      const { components } = labelComponents(height, width, (i) => values[i] >= 0.45);
      expect(contours.map(({ areaPixels, box }) => ({ area: areaPixels, box }))).toEqual(components);
      for (const { areaPixels, rings } of contours) {
        expect(rings.reduce((sum, ring) => sum + shoelace(ring), 0)).toBe(areaPixels);
        expect(shoelace(rings[0])).toBeGreaterThan(0);
        for (const hole of rings.slice(1)) expect(shoelace(hole)).toBeLessThan(0);
        for (const ring of rings) {
          ring.slice(1).forEach(([x, y], i) => {
            expect((x === ring[i][0]) !== (y === ring[i][1])).toBe(true);
            const next = ring[(i + 2) % ring.length === 0 ? 1 : i + 2] ?? ring[1];
            expect((x === ring[i][0]) !== (next[0] === x)).toBe(true);
          });
        }
      }
    }
  });
});
