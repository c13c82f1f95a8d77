import { describe, expect, test } from "vitest";
import { resizeNearest } from "../src/glam/resize.ts";
import { topKMean } from "../src/glam/saliency.ts";
import { nearestSteps, topKSteps } from "../test/support/pytorch-steps.ts";
import { noise, testArena, variants } from "./test-arena.ts";

const probabilities = (length: number, seed: number, slope = 4) =>
  noise(length, seed).map((value) => 1 / (1 + Math.exp(-slope * value + 3)));

/** The same values in another order. */
const shuffled = (values: Float32Array) => values.map((_, i) => values[(i * 7 + 3) % values.length]);

describe.each(variants)("class maps by the %s module against the plain functions and PyTorch", async (variant) => {
  const { kernels, floats, take } = await testArena(variant, 1 << 20);
  const [from, to] = [take(1 << 18), take(1 << 18)];

  function resize(maps: { height: number; width: number; data: Float32Array }, height: number, width: number) {
    floats.set(maps.data, from / 4);
    const end = to / 4 + 2 * height * width;
    floats.fill(Number.NaN, to / 4, end + 4);
    kernels.resizeNearest(from, 2, maps.height, maps.width, to, height, width);
    expect([...floats.subarray(end, end + 4)], "behind").toEqual(Array(4).fill(Number.NaN));
    return floats.slice(to / 4, end);
  }

  function pool(values: Float32Array, k: number): number {
    floats.set(values, from / 4);
    // What is not the map must not count.
    floats.fill(7, from / 4 + values.length, from / 4 + values.length + 8);
    return kernels.topKMean(from, values.length, k, to);
  }

  test("nearest resize: from and to one pixel, odd sizes, larger, smaller, both", () => {
    const sizes = [
      [1, 1],
      [1, 7],
      [5, 1],
      [3, 4],
      [6, 10],
      [13, 9],
      [46, 30],
      [92, 61],
    ];
    for (const [height, width] of sizes) {
      const maps = { height, width, data: noise(2 * height * width, height) };
      for (const [outHeight, outWidth] of sizes) {
        const right = resizeNearest(maps, { height: outHeight, width: outWidth }).data;
        expect(resize(maps, outHeight, outWidth), `${height}x${width} to ${outHeight}x${outWidth}`).toEqual(right);
      }
    }
  });

  test("nearest resize: PyTorch", () => {
    const { maps, resized } = nearestSteps;
    for (const { height, width, data } of resized) {
      expect(resize(maps, height, width)).toEqual(data);
      expect(resizeNearest(maps, { height, width }).data).toEqual(data);
    }
  });

  test("top-k mean to the last bit: every size, every k, in any order", () => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 63, 64, 301]) {
      const values = probabilities(length, length);
      for (const k of [-1, 0, 1, 2, Math.ceil(length / 2), length - 1, length, length + 5]) {
        const right = topKMean(values, k);
        expect(pool(values, k), `${k} of ${length}`).toBe(right);
        expect(pool(values.toReversed(), k)).toBe(right);
      }
    }
    const released = probabilities(184 * 120, 1);
    expect(pool(released, 662)).toBe(topKMean(released, 662));
    expect(pool(shuffled(released), 662)).toBe(topKMean(released, 662));
  });

  test("top-k mean of ties, constants, both signs, tiny and huge values, infinities and NaN", () => {
    const mixed = noise(201, 4).map((value, i) => value * 10 ** ((i % 61) - 30));
    const ties = noise(99, 5).map((value) => Math.round(value * 2) / 2);
    for (const values of [
      mixed,
      ties,
      new Float32Array(37),
      new Float32Array(50).fill(-0.25),
      Float32Array.of(-0, 0),
    ]) {
      for (const k of [1, 2, 13, 36, 200]) expect(pool(values, k)).toBe(topKMean(values, k));
    }
    expect(pool(Float32Array.of(1, Number.NEGATIVE_INFINITY, 3), 2)).toBe(2);
    expect(pool(Float32Array.of(1, Number.POSITIVE_INFINITY, 3), 2)).toBe(Number.POSITIVE_INFINITY);
    // Sorted last, so they are the largest, whatever their sign.
    const negative = new Float32Array(Uint32Array.of(0xffc00000).buffer)[0];
    for (const nan of [Number.NaN, negative]) {
      for (const at of [0, 5, 8]) {
        const values = Float32Array.from({ length: 9 }, (_, i) => (i === at ? nan : i));
        expect([pool(values, 1), topKMean(values, 1)]).toEqual([Number.NaN, Number.NaN]);
      }
    }
  });

  test("top-k mean: PyTorch", () => {
    const { values, means } = topKSteps;
    for (const [k, mean] of means) expect(Math.abs(pool(values, k) / mean - 1), `k = ${k}`).toBeLessThan(1e-14);
  });
});
