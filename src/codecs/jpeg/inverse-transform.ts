/**
 * @module
 * The inverse cosine transform of 8 x 8 coefficients in integers, step by step that of jpeg-js 0.4.4 (Apache-2.0, from pdf.js and
 * poppler; Loeffler, Ligtenberg, Moschytz, ICASSP 1989): its pixels to the last bit. Rows and columns of zeros take no steps.
 */

/** 2^12 times cosines and sines of pi/16, 3 pi/16 and 6 pi/16, the square root of 2 and its half. */
const cos1 = 4017;
const sin1 = 799;
const cos3 = 3406;
const sin3 = 2276;
const cos6 = 1567;
const sin6 = 3784;
const sqrt2 = 5793;
const sqrt1d2 = 2896;

/** Bits that rows are scaled down by, and columns: the rows' results keep 4 more. */
const [ROWS, COLUMNS] = [8, 12];

/** What all eight values of a line are that has a mean and nothing else. */
const flat = (mean: number, shift: number): number => (sqrt2 * mean + (2 << shift)) >> (shift + 2);

/** A grey level from the columns' result. */
const levelOf = (value: number): number => 128 + ((value + 8) >> 4);

/** @returns the grey level of all 64 pixels of a block that has a mean and nothing else */
export const levelOfMean = (mean: number): number =>
  Math.max(0, Math.min(255, levelOf(flat(flat(mean, ROWS), COLUMNS))));

/**
 * Transforms rows, then columns.
 * @param p dequantised coefficients `[8, 8]`; zeros afterwards
 * @param out gets the 64 grey levels from `at` on, a row each `stride`
 */
export function inverseTransform(p: Int32Array, out: Uint8ClampedArray, at: number, stride: number): void {
  for (let row = 0; row < 64; row += 8) transformLine(p, row, 1, ROWS);
  for (let col = 0; col < 8; col++) transformLine(p, col, 8, COLUMNS);
  for (let i = 0, to = at; i < 64; to += stride) {
    for (let x = 0; x < 8; x++) out[to + x] = levelOf(p[i++]);
  }
  p.fill(0);
}

/** Transforms the eight values from `at` on, `step` apart, in place. */
function transformLine(p: Int32Array, at: number, step: number, shift: number): void {
  const p0 = p[at];
  const p1 = p[at + step];
  const p2 = p[at + 2 * step];
  const p3 = p[at + 3 * step];
  const p4 = p[at + 4 * step];
  const p5 = p[at + 5 * step];
  const p6 = p[at + 6 * step];
  const p7 = p[at + 7 * step];
  if ((p1 | p2 | p3 | p4 | p5 | p6 | p7) === 0) {
    if (p0 === 0) return;
    const value = flat(p0, shift);
    for (let i = 0, to = at; i < 8; i++, to += step) p[to] = value;
    return;
  }
  const half = 1 << (shift - 1);
  let v0 = (sqrt2 * p0 + half) >> shift;
  let v1 = (sqrt2 * p4 + half) >> shift;
  let v2 = p2;
  let v3 = p6;
  let v4 = (sqrt1d2 * (p1 - p7) + half) >> shift;
  let v7 = (sqrt1d2 * (p1 + p7) + half) >> shift;
  let v5 = p3 << (COLUMNS - shift);
  let v6 = p5 << (COLUMNS - shift);

  let t = (v0 - v1 + 1) >> 1;
  v0 = (v0 + v1 + 1) >> 1;
  v1 = t;
  t = (v2 * sin6 + v3 * cos6 + half) >> shift;
  v2 = (v2 * cos6 - v3 * sin6 + half) >> shift;
  v3 = t;
  t = (v4 - v6 + 1) >> 1;
  v4 = (v4 + v6 + 1) >> 1;
  v6 = t;
  t = (v7 + v5 + 1) >> 1;
  v5 = (v7 - v5 + 1) >> 1;
  v7 = t;

  t = (v0 - v3 + 1) >> 1;
  v0 = (v0 + v3 + 1) >> 1;
  v3 = t;
  t = (v1 - v2 + 1) >> 1;
  v1 = (v1 + v2 + 1) >> 1;
  v2 = t;
  t = (v4 * sin3 + v7 * cos3 + 2048) >> 12;
  v4 = (v4 * cos3 - v7 * sin3 + 2048) >> 12;
  v7 = t;
  t = (v5 * sin1 + v6 * cos1 + 2048) >> 12;
  v5 = (v5 * cos1 - v6 * sin1 + 2048) >> 12;
  v6 = t;

  p[at] = v0 + v7;
  p[at + 7 * step] = v0 - v7;
  p[at + step] = v1 + v6;
  p[at + 6 * step] = v1 - v6;
  p[at + 2 * step] = v2 + v5;
  p[at + 5 * step] = v2 - v5;
  p[at + 3 * step] = v3 + v4;
  p[at + 4 * step] = v3 - v4;
}
