import { describe, expect, test } from "vitest";
import { divisorOf, levelsOf, measureStandardisation, standardise } from "../src/glam/standardise.ts";
import { greySteps } from "../test/support/pytorch-steps.ts";
import { noise, testArena, variants } from "./test-arena.ts";

type Pixels = Uint8Array | Uint16Array;

/** Grey levels with runs of background of every length, like the rows of a canvas. */
function pixelsOf(bits: 8 | 16, length: number, seed: number): Pixels {
  const dark = noise(length, seed);
  const values = noise(length, seed + 1).map((value, i) => (i % 70 < 40 || dark[i] < -1 ? 0 : Math.abs(value)));
  const highest = 2 ** bits - 1;
  const levels = values.map((value) => Math.min(highest, Math.round(value * highest)));
  return bits === 8 ? Uint8Array.from(levels) : Uint16Array.from(levels);
}

const lengths = [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 961];
const cases = ([8, 16] as const).flatMap((bits) => lengths.map((length, i) => pixelsOf(bits, length, i + 1)));
const everyLevel: Pixels[] = [
  Uint8Array.from({ length: 256 }, (_, i) => i),
  Uint16Array.from({ length: 65536 }, (_, i) => i),
];

describe.each(variants)("grey levels by the %s module against the plain functions and PyTorch", async (variant) => {
  const { kernels, memory, floats, take } = await testArena(variant, 1 << 20);
  const bytes = new Uint8Array(memory.buffer);
  const raw = take(65536 * 2);
  const out = take(65536 * 4 + 256);
  const tables = take(65536 * 4);

  /** What lies before and behind the output must stay as it is. */
  const untouched = 12345;
  function convert(pixels: Pixels): Float32Array {
    bytes.set(new Uint8Array(pixels.buffer), raw);
    floats.fill(untouched, out / 4, out / 4 + pixels.length + 8);
    const toFloat = pixels instanceof Uint8Array ? kernels.u8ToFloat : kernels.u16ToFloat;
    // Three floats in, as image rows in the stem's strip begin.
    toFloat(raw, pixels.length, out + 12);
    return read(pixels.length);
  }
  function read(length: number): Float32Array {
    const from = out / 4 + 3;
    expect([...floats.subarray(out / 4, from)], "before").toEqual([untouched, untouched, untouched]);
    expect(floats[from + length], "behind").toBe(untouched);
    return floats.slice(from, from + length);
  }
  function countLevels(pixels: Pixels, cut = 0): Uint32Array {
    const counts = new Uint32Array(memory.buffer, tables, levelsOf(pixels)).fill(0);
    bytes.set(new Uint8Array(pixels.buffer), raw);
    const count = pixels instanceof Uint8Array ? kernels.countLevels8 : kernels.countLevels16;
    count(raw, cut, tables);
    count(raw + cut * pixels.BYTES_PER_ELEMENT, pixels.length - cut, tables);
    return counts.slice();
  }
  const plainCounts = (pixels: Pixels) => {
    const counts = new Uint32Array(levelsOf(pixels));
    for (const pixel of pixels) counts[pixel]++;
    return counts;
  };

  test("to f32: every level, every length, nothing beside it", () => {
    for (const pixels of [...cases, ...everyLevel]) expect(convert(pixels)).toEqual(Float32Array.from(pixels));
  });

  test("standardised to the last bit: every level, every length, nothing beside it", () => {
    for (const pixels of [...cases, ...everyLevel]) {
      for (const standardisation of [
        { mean: 71.59011442764945, std: 65.98035695059893 },
        { mean: 31_000.1, std: 1 / 3 },
        // A constant image: divided by 1e-5.
        { mean: 3, std: 0 },
      ]) {
        convert(pixels);
        kernels.standardise(out + 12, pixels.length, standardisation.mean, divisorOf(standardisation));
        expect(read(pixels.length)).toEqual(standardise(pixels, standardisation));
      }
    }
  });

  test("counted: every level, runs of every length, in two pieces too", () => {
    for (const pixels of [...cases, ...everyLevel, new Uint8Array(1000).fill(255), new Uint16Array(1000).fill(65535)]) {
      expect(countLevels(pixels)).toEqual(plainCounts(pixels));
      expect(countLevels(pixels, Math.floor(pixels.length / 3))).toEqual(plainCounts(pixels));
    }
  });

  test("PyTorch: float, var_mean and the standardised values", () => {
    for (const { pixels, floats: right, standardisation, standardised } of greySteps) {
      expect(convert(pixels)).toEqual(right);
      kernels.standardise(out + 12, pixels.length, standardisation.mean, divisorOf(standardisation));
      expect(read(pixels.length)).toEqual(standardised);
      const { mean, std } = measureStandardisation({ pixels });
      expect(Math.abs(mean / standardisation.mean - 1)).toBeLessThan(1e-14);
      expect(Math.abs(std / standardisation.std - 1)).toBeLessThan(1e-14);
    }
  });
});
