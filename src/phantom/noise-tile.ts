/**
 * @module
 * Random fields with a power-law spectrum, as mammographic texture has (power ~ 1 / f^3). A field is a periodic tile, built
 * coarse to fine: each level doubles the last one with a cubic B-spline and adds white noise of its own, so a finer pixel grid adds
 * detail and keeps the structure.
 */
import { exp } from "./portable-math.ts";
import { mix32, normalOfBits, streamSeed } from "./random.ts";

/** `[n, n]` samples, `spacing` mm apart, n a power of two, periodic; mean 0, standard deviation 1. */
export type NoiseTile = { n: number; spacing: number; data: Float32Array };

export type NoiseTileOptions = {
  seed: number;
  stream: string;
  /** Exponent of the power spectrum, 1 / f^beta. */
  beta: number;
  /** Coarsest spacing in mm; the tile is 4 of them wide. */
  coarse: number;
  /** Levels stop at the first spacing not above this, mm. */
  fine: number;
};

/** Doubles a periodic `[n, n]` grid with the cubic B-spline subdivision mask. */
function double(source: Float32Array, n: number): Float32Array {
  const wide = new Float32Array(n * n * 2);
  for (let y = 0; y < n; y++) {
    const row = y * n;
    let before = source[row + n - 1];
    let here = source[row];
    for (let x = 0; x < n; x++) {
      const after = source[row + ((x + 1) & (n - 1))];
      wide[2 * (row + x)] = (before + 6 * here + after) * 0.125;
      wide[2 * (row + x) + 1] = (here + after) * 0.5;
      before = here;
      here = after;
    }
  }
  const m = 2 * n;
  const out = new Float32Array(m * m);
  for (let y = 0; y < n; y++) {
    const above = ((y + n - 1) & (n - 1)) * m;
    const here = y * m;
    const below = ((y + 1) & (n - 1)) * m;
    const even = 2 * y * m;
    for (let x = 0; x < m; x++) {
      const centre = wide[here + x];
      const next = wide[below + x];
      out[even + x] = (wide[above + x] + 6 * centre + next) * 0.125;
      out[even + m + x] = (centre + next) * 0.5;
    }
  }
  return out;
}

/** Builds a tile; 1024 x 1024 samples take about 20 ms. */
export function createNoiseTile({ seed, stream, beta, coarse, fine }: NoiseTileOptions): NoiseTile {
  const key = streamSeed(seed, stream);
  // Power 1 / f^beta in two dimensions leaves an octave the variance f^(2 - beta).
  const ratio = exp(-0.5 * (beta - 2) * Math.LN2);
  let n = 4;
  let spacing = coarse;
  let amplitude = 1;
  let data: Float32Array = new Float32Array(n * n);
  for (let level = 0; ; level++) {
    const levelKey = mix32(key + Math.imul(level + 1, 0x9e3779b9));
    for (let i = 0; i < data.length; i++) data[i] += amplitude * normalOfBits(mix32(i ^ levelKey));
    if (spacing <= fine) break;
    data = double(data, n);
    n *= 2;
    spacing /= 2;
    amplitude *= ratio;
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    sum += data[i];
    squares += data[i] * data[i];
  }
  const mean = sum / data.length;
  const scale = 1 / Math.sqrt(Math.max(1e-12, squares / data.length - mean * mean));
  for (let i = 0; i < data.length; i++) data[i] = (data[i] - mean) * scale;
  return { n, spacing, data };
}

/** Bilinear sample at a place in mm; the tile repeats. */
export function sampleTile(tile: NoiseTile, x: number, y: number): number {
  const { n, data } = tile;
  const u = x / tile.spacing;
  const v = y / tile.spacing;
  const left = Math.floor(u);
  const top = Math.floor(v);
  const fx = u - left;
  const fy = v - top;
  const x0 = left & (n - 1);
  const x1 = (left + 1) & (n - 1);
  const y0 = (top & (n - 1)) * n;
  const y1 = ((top + 1) & (n - 1)) * n;
  const upper = data[y0 + x0] + fx * (data[y0 + x1] - data[y0 + x0]);
  const lower = data[y1 + x0] + fx * (data[y1 + x1] - data[y1 + x0]);
  return upper + fy * (lower - upper);
}
