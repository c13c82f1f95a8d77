import { describe, expect, test } from "vitest";
import { generatePhantom } from "../../phantom/index.ts";
import type { Canvas } from "../contracts.ts";
import { diagonalBend, splitOctave } from "./details.ts";
import { type Looks, lookNames, measureLooks } from "./measure.ts";
import { distance, looksSchema, type TrainingLooks, unlikeTraining } from "./unlike-training.ts";

const [height, width] = [768, 512];
const phantom: Canvas = generatePhantom({ seed: 5, height, width, bits: 8, view: "L-MLO" });
const sound = measureLooks(phantom);

/** The phantom with every breast pixel changed; at least 1. */
const changed = (level: (grey: number, y: number, x: number) => number): Canvas => ({
  height,
  width,
  pixels: Uint8Array.from(phantom.pixels, (grey, i) =>
    grey === 0 ? 0 : Math.max(1, Math.min(255, Math.round(level(grey, Math.floor(i / width), i % width)))),
  ),
});

describe("looks", () => {
  test("do not change when every grey level is multiplied", () => {
    const { pixels } = phantom;
    const looks = measureLooks({ height, width, pixels: Uint16Array.from(pixels, (grey) => 16 * grey) });
    for (const name of lookNames) expect(looks[name]).toBeCloseTo(sound[name], 2);
  });

  test("of a negative: dark spots, and bright towards the skin", () => {
    const looks = measureLooks(changed((grey) => 256 - grey));
    expect(looks.spots).toBeLessThan(-0.8 * sound.spots);
    expect(looks.rim).toBeGreaterThan(sound.rim + 1);
  });

  test("of a flat one: little contrast; of stripes: a turn from octave to octave", () => {
    expect(measureLooks(changed((grey) => 100 + grey / 8)).contrast).toBeLessThan(sound.contrast - 1);
    const striped = measureLooks(changed((grey, y) => grey + 12 * Math.sin((2 * Math.PI * y) / 6)));
    expect(striped.stripes).toBeGreaterThan(sound.stripes + 0.5);
  });

  test("of one that is cut off: its last row is the widest, and it fills more of the canvas", () => {
    const pixels = new Uint8Array(height * width);
    // The upper half, twice as large.
    for (let i = 0; i < pixels.length; i++) {
      const [y, x] = [Math.floor(i / width), i % width];
      pixels[i] = phantom.pixels[(y >> 1) * width + (x >> 1)];
    }
    const looks = measureLooks({ height, width, pixels });
    expect(looks.bottom).toBeGreaterThan(0.9);
    expect(looks.area).toBeGreaterThan(1.5 * sound.area);
    expect(looks.diagonals).toBeLessThan(sound.diagonals - 0.2);
  });

  test("are numbers for the smallest canvas and the emptiest", () => {
    for (const pixels of [new Uint8Array(16 * 16), new Uint8Array(16 * 16).fill(7)]) {
      const looks = measureLooks({ height: 16, width: 16, pixels });
      for (const name of lookNames) expect(Number.isFinite(looks[name])).toBe(true);
    }
  });
});

describe("splitOctave", () => {
  test("means and details of whole squares only", () => {
    const levels = Uint8Array.of(1, 3, 9, 0, 5, 7, 9, 9);
    const { octave, means } = splitOctave({ height: 2, width: 4, levels });
    expect([...means.levels]).toEqual([4, 0]);
    expect(octave).toEqual({ horizontal: 2, vertical: 4, diagonal: 0 });
  });

  test("equal shares of diagonal details in all octaves do not bend", () => {
    const octaves = [1, 2, 5].map((k) => ({ horizontal: 3 * k, vertical: 3 * k, diagonal: 2 * k }));
    expect(diagonalBend(octaves)).toBeCloseTo(0, 2);
  });
});

describe("unlikeTraining", () => {
  const around = (name: keyof Looks) => ({ low: sound[name] - 0.1, high: sound[name] + 0.1 });
  const bounds = Object.fromEntries(lookNames.map((name) => [name, around(name)])) as TrainingLooks["bounds"];
  const training = looksSchema.parse({ fittedOn: "one phantom", bounds, threshold: 2 });

  test("counts the bad side of each look only: 0 in the middle, 1 at the bound", () => {
    expect(distance(sound, bounds)).toBeCloseTo(0);
    expect(distance({ ...sound, contrast: sound.contrast - 0.1 }, bounds)).toBeCloseTo(1);
    expect(distance({ ...sound, contrast: sound.contrast + 5 }, bounds)).toBeCloseTo(0);
    expect(distance({ ...sound, stripes: sound.stripes + 0.3, area: sound.area + 0.4 }, bounds)).toBeCloseTo(5);
  });

  test("names what is off; says nothing of a training image, or without statistics", () => {
    expect(unlikeTraining(phantom, training)).toEqual([]);
    const negative = changed((grey) => 256 - grey);
    const [{ code, detail }] = unlikeTraining(negative, training);
    expect(code).toBe("unlike-training");
    expect(detail).toContain("bright towards the skin");
    expect(unlikeTraining(negative, undefined)).toEqual([]);
  });

  test("bounds that are none are refused", () => {
    const area = { low: 0.5, high: 0.5 };
    expect(looksSchema.safeParse({ ...training, bounds: { ...bounds, area } }).success).toBe(false);
  });
});
