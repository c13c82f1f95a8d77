import { expect, it } from "vitest";
import { generatePhantom } from "./generate.ts";

/** Power at the frequencies 0 <= kx, |ky| <= top of a windowed `[n, n]` image: pairs of (frequency index, power). */
function powerSpectrum(image: Float64Array, n: number, top: number): [number, number][] {
  const wave = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const columns: { re: Float64Array; im: Float64Array }[] = [];
  for (let kx = 0; kx <= top; kx++) {
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        re[y] += image[y * n + x] * wave[(kx * x) % n];
        im[y] -= image[y * n + x] * wave[(kx * x + (3 * n) / 4) % n];
      }
    }
    columns.push({ re, im });
  }
  const power: [number, number][] = [];
  for (let kx = 0; kx <= top; kx++) {
    for (let ky = -top; ky <= top; ky++) {
      let re = 0;
      let im = 0;
      for (let y = 0; y < n; y++) {
        const c = wave[(((ky * y) % n) + n) % n];
        const s = wave[(((ky * y) % n) + n + (3 * n) / 4) % n];
        re += columns[kx].re[y] * c + columns[kx].im[y] * s;
        im += columns[kx].im[y] * c - columns[kx].re[y] * s;
      }
      power.push([Math.hypot(kx, ky), re * re + im * im]);
    }
  }
  return power;
}

/** Slope of log power over log frequency, fitted to octave bands from `low` to `high`. */
function slope(power: readonly [number, number][], low: number, high: number): number {
  const points: [number, number][] = [];
  for (let f = low; f < high; f *= Math.SQRT2) {
    const band = power.filter(([k]) => k >= f && k < f * Math.SQRT2).map(([, p]) => p);
    points.push([Math.log(f), Math.log(band.reduce((a, b) => a + b, 0) / band.length)]);
  }
  const mx = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return top / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

it("has breast texture whose power falls like 1 / f^3 between 0.1 and 0.8 cycles per mm", () => {
  const n = 256;
  const slopes = [1, 2, 3].map((seed) => {
    const { pixels, width, height } = generatePhantom({
      seed,
      height: 1472,
      width: 960,
      bits: 12,
      view: "L-CC",
      lesions: 0,
      density: 0.5,
    });
    const top = Math.floor(height / 2 - n / 2);
    const patch = Float64Array.from({ length: n * n }, (_, i) => {
      return pixels[(top + Math.floor(i / n)) * width + 60 + (i % n)];
    });
    const mean = patch.reduce((a, b) => a + b, 0) / patch.length;
    const hann = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / n);
    const windowed = patch.map((value, i) => (value - mean) * hann(Math.floor(i / n)) * hann(i % n));
    return slope(powerSpectrum(windowed, n, 32), 4, 28);
  });
  const average = slopes.reduce((a, b) => a + b, 0) / slopes.length;
  expect(average).toBeGreaterThan(-3.7);
  expect(average).toBeLessThan(-2.3);
});
