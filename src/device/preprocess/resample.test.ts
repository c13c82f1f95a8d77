import { expect, it } from "vitest";
import { resample } from "./resample.ts";
import type { GreyImage } from "./types.ts";

const image = (height: number, width: number, ...pixels: number[]): GreyImage => ({
  height,
  width,
  bits: 8,
  pixels: Uint8Array.from(pixels),
});

it("halves by averaging areas", () => {
  const half = resample(image(2, 4, 10, 20, 0, 0, 30, 40, 0, 100), 0.5);
  expect(half).toEqual(image(1, 2, 25, 25));
});

it("averages parts of pixels", () => {
  // Each output pixel covers one and a half input pixels.
  expect(resample(image(1, 3, 90, 60, 30), 2 / 3).pixels).toEqual(Uint8Array.of(80, 40));
});

it("doubles by linear interpolation and repeats the edges", () => {
  expect(resample(image(1, 2, 0, 100), 2)).toEqual(image(2, 4, 0, 25, 75, 100, 0, 25, 75, 100));
});

it("keeps constants, sixteen bits and nothing at all", () => {
  for (const scale of [0.31, 0.5, 0.77, 1.4286, 3.3]) {
    const flat = { height: 13, width: 11, bits: 16, pixels: new Uint16Array(143).fill(65535) };
    const out = resample(flat, scale);
    expect([out.height, out.width]).toEqual([Math.round(13 * scale), Math.round(11 * scale)]);
    expect(out.pixels).toEqual(new Uint16Array(out.height * out.width).fill(65535));
  }
  const same = image(1, 2, 3, 4);
  expect(resample(same, 1)).toBe(same);
});

it("keeps the centre of mass where it was", () => {
  const spot = image(9, 9, ...Array.from({ length: 81 }, (_, i) => (i === 4 * 9 + 6 ? 255 : 0)));
  for (const scale of [0.6, 1.7, 2.5]) {
    const { width, pixels } = resample(spot, scale);
    let [sum, rows, columns] = [0, 0, 0];
    pixels.forEach((v, i) => {
      sum += v;
      rows += v * Math.floor(i / width);
      columns += v * (i % width);
    });
    expect((rows / sum + 0.5) / scale - 0.5).toBeCloseTo(4, 0);
    expect((columns / sum + 0.5) / scale - 0.5).toBeCloseTo(6, 0);
  }
});
