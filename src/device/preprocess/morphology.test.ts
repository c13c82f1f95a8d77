import { describe, expect, it } from "vitest";
import { maskOf, rowsOf } from "./fixture.ts";
import { fillHoles, largestComponent } from "./largest-component.ts";
import { cityBlockDistance, dilate, erode, type Mask, type Outside } from "./morphology.ts";

/** One iteration after the other, neighbour by neighbour. */
function iterated(
  mask: Mask,
  times: number,
  keeps: (own: number, neighbours: number[]) => boolean,
  beyond: number,
): Mask {
  const { height, width } = mask;
  let data = mask.data;
  for (let n = 0; n < times; n++) {
    const before = data;
    const at = (y: number, x: number) => (y < 0 || x < 0 || y >= height || x >= width ? beyond : before[y * width + x]);
    data = before.map((own, i) => {
      const y = Math.floor(i / width);
      const x = i % width;
      return keeps(own, [at(y - 1, x), at(y + 1, x), at(y, x - 1), at(y, x + 1)]) ? 1 : 0;
    });
  }
  return { height, width, data };
}

/** A seeded random mask; `share` of it is foreground. */
function randomMask(seed: number, height: number, width: number, share: number): Mask {
  let state = seed * 2654435761 + 1;
  const data = new Uint8Array(height * width).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 < share ? 1 : 0;
  });
  return { height, width, data };
}

const sizes = [
  [1, 1],
  [1, 9],
  [9, 1],
  [2, 3],
  [13, 17],
  [31, 20],
];

describe("erosion and dilation", () => {
  it.each(sizes)("equal iterations of the cross on %i x %i", (height, width) => {
    for (const share of [0, 0.02, 0.5, 0.9, 0.99, 1]) {
      const mask = randomMask(height * 100 + width, height, width, share);
      for (const times of [0, 1, 2, 3, 7]) {
        for (const outside of ["empty", "ignored"] satisfies Outside[]) {
          const all = (own: number, neighbours: number[]) => own === 1 && neighbours.every((v) => v === 1);
          const slow = iterated(mask, times, all, outside === "empty" ? 0 : 1);
          expect(rowsOf(erode(mask, times, outside))).toEqual(rowsOf(slow));
        }
        const some = (own: number, neighbours: number[]) => own === 1 || neighbours.includes(1);
        expect(rowsOf(dilate(mask, times))).toEqual(rowsOf(iterated(mask, times, some, 0)));
      }
    }
  });

  it("measures city-block distance, edges included or not", () => {
    const full = maskOf("###", "###", "###");
    expect([...cityBlockDistance(full, 0, "empty")]).toEqual([1, 1, 1, 1, 2, 1, 1, 1, 1]);
    expect(cityBlockDistance(full, 0, "ignored")[4]).toBe(65535);
    expect([...cityBlockDistance(maskOf("#..", "...", "..."), 1, "empty")]).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4]);
  });
});

describe("components", () => {
  it("finds the largest one by four neighbours; the first wins a tie", () => {
    expect(largestComponent(maskOf("#.##", "##..", "...#"))).toEqual(maskOf("#...", "##..", "...."));
    expect(largestComponent(maskOf("..##", "##..", "...."))).toEqual(maskOf("..##", "....", "...."));
    expect(largestComponent(maskOf("...", "..."))).toBeUndefined();
  });

  it("fills what the background cannot reach from the edge", () => {
    const open = maskOf("#####", "#.#.#", "###.#", "#.#.#", "##..#", "###.#");
    expect(rowsOf(fillHoles(open))).toEqual(["#####", "###.#", "###.#", "###.#", "##..#", "###.#"]);
  });
});
