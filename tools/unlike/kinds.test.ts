import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/phantom/random.ts";
import { drawPhantom } from "../dataset/phantom-sample.ts";
import { unlikeKinds } from "./kinds.ts";
import { magnified } from "./magnified.ts";
import { negative, negativeBreast } from "./negative.ts";
import { photographedFilm } from "./photograph.ts";
import { blur, draw, imageOf, rasterOf, sampler } from "./raster.ts";
import { tomosynthesisSlice } from "./tomosynthesis.ts";

const { height, width, pixels } = drawPhantom({ seed: 3, height: 384, width: 256 });
const view = rasterOf({ height, width, pixels });
const random = () => createRandom(9, "test");
const at = (levels: Float32Array, y: number, x: number) => levels[y * width + x];

test.each(unlikeKinds)("$name: as large, no constant image, the same for the same seed", ({ derive }) => {
  const [one, again] = [imageOf(derive(view, random())), imageOf(derive(view, random()))];
  expect(one).toMatchObject({ height, width, bits: 8 });
  expect(one.pixels).toEqual(again.pixels);
  expect(new Set(one.pixels).size).toBeGreaterThan(10);
  expect(one.pixels).not.toEqual(Uint8Array.from(pixels));
});

describe("rasters", () => {
  test("a blur keeps the mean and flattens a spot", () => {
    const spot = draw({ height: 31, width: 31 }, (y, x) => (y === 15 && x === 15 ? 100 : 0));
    const { levels } = blur(spot, 2);
    expect(levels.reduce((sum, level) => sum + level, 0)).toBeCloseTo(100, 2);
    expect(levels[15 * 31 + 15]).toBeLessThan(10);
  });

  test("samples lie between pixels; outside there is what was asked for", () => {
    const level = sampler(
      draw({ height: 3, width: 3 }, (y, x) => 10 * y + x),
      -1,
    );
    expect([level(1, 1), level(0.5, 1.5), level(-0.1, 0), level(2, 2)]).toEqual([11, 6.5, -1, 22]);
  });
});

test("a negative turns every level around, the breast alone where the background was cleared", () => {
  const [y, x] = [height / 2, 20];
  expect(at(negative(view).levels, 0, width - 1)).toBe(255);
  expect(at(negative(view).levels, y, x)).toBe(255 - at(view.levels, y, x));
  const cleared = negativeBreast(view).levels;
  expect(at(cleared, 0, width - 1)).toBe(0);
  expect(cleared.every((level, i) => level > 0 === view.levels[i] > 0)).toBe(true);
});

test("a slice has less contrast than the view, on the same background", () => {
  const spread = (levels: Float32Array) => {
    const inside = levels.filter((level) => level > 0);
    const mean = inside.reduce((sum, level) => sum + level, 0) / inside.length;
    return Math.sqrt(inside.reduce((sum, level) => sum + (level - mean) ** 2, 0) / inside.length) / mean;
  };
  const slice = tomosynthesisSlice(view, random()).levels;
  expect(spread(slice)).toBeLessThan(0.8 * spread(view.levels));
  expect(slice.every((level, i) => level > 0 === view.levels[i] > 0)).toBe(true);
});

test("a magnified view shows more of the breast's inside than the view does", () => {
  const share = (levels: Float32Array) => levels.filter((level) => level > 0).length / levels.length;
  const shares = [1, 2, 3, 4].map((seed) => share(magnified(view, createRandom(seed, "test")).levels));
  expect(Math.max(...shares)).toBeGreaterThan(1.3 * share(view.levels));
});

test("a photograph has the light box around it, and no black background", () => {
  const { levels } = photographedFilm(view, random());
  expect(Math.min(...levels)).toBeGreaterThan(0);
  expect(at(levels, 0, 0)).toBeGreaterThan(80);
});
