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

/** @returns the grey level of all 64 pixels of a block that has a mean and nothing else */
export function levelOfMean(mean: number): number {
  const row = (sqrt2 * mean + 512) >> 10;
  return Math.max(0, Math.min(255, 128 + ((((sqrt2 * row + 8192) >> 14) + 8) >> 4)));
}

/**
 * Transforms rows, then columns, in place.
 * @param p dequantised coefficients `[8, 8]`; zeros afterwards
 * @param out gets the 64 grey levels from `at` on, a row each `stride`
 */
export function inverseTransform(p: Int32Array, out: Uint8ClampedArray, at: number, stride: number): void {
  for (let row = 0; row < 64; row += 8) {
    const p0 = p[row];
    const p1 = p[row + 1];
    const p2 = p[row + 2];
    const p3 = p[row + 3];
    const p4 = p[row + 4];
    const p5 = p[row + 5];
    const p6 = p[row + 6];
    const p7 = p[row + 7];
    if ((p1 | p2 | p3 | p4 | p5 | p6 | p7) === 0) {
      if (p0 !== 0) p.fill((sqrt2 * p0 + 512) >> 10, row, row + 8);
      continue;
    }
    let v0 = (sqrt2 * p0 + 128) >> 8;
    let v1 = (sqrt2 * p4 + 128) >> 8;
    let v2 = p2;
    let v3 = p6;
    let v4 = (sqrt1d2 * (p1 - p7) + 128) >> 8;
    let v7 = (sqrt1d2 * (p1 + p7) + 128) >> 8;
    let v5 = p3 << 4;
    let v6 = p5 << 4;

    let t = (v0 - v1 + 1) >> 1;
    v0 = (v0 + v1 + 1) >> 1;
    v1 = t;
    t = (v2 * sin6 + v3 * cos6 + 128) >> 8;
    v2 = (v2 * cos6 - v3 * sin6 + 128) >> 8;
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

    p[row] = v0 + v7;
    p[row + 7] = v0 - v7;
    p[row + 1] = v1 + v6;
    p[row + 6] = v1 - v6;
    p[row + 2] = v2 + v5;
    p[row + 5] = v2 - v5;
    p[row + 3] = v3 + v4;
    p[row + 4] = v3 - v4;
  }

  for (let col = 0; col < 8; col++) {
    const p0 = p[col];
    const p1 = p[8 + col];
    const p2 = p[16 + col];
    const p3 = p[24 + col];
    const p4 = p[32 + col];
    const p5 = p[40 + col];
    const p6 = p[48 + col];
    const p7 = p[56 + col];
    let to = at + col;
    if ((p1 | p2 | p3 | p4 | p5 | p6 | p7) === 0) {
      const level = 128 + ((((sqrt2 * p0 + 8192) >> 14) + 8) >> 4);
      for (let y = 0; y < 8; y++, to += stride) out[to] = level;
      continue;
    }
    let v0 = (sqrt2 * p0 + 2048) >> 12;
    let v1 = (sqrt2 * p4 + 2048) >> 12;
    let v2 = p2;
    let v3 = p6;
    let v4 = (sqrt1d2 * (p1 - p7) + 2048) >> 12;
    let v7 = (sqrt1d2 * (p1 + p7) + 2048) >> 12;
    let v5 = p3;
    let v6 = p5;

    let t = (v0 - v1 + 1) >> 1;
    v0 = (v0 + v1 + 1) >> 1;
    v1 = t;
    t = (v2 * sin6 + v3 * cos6 + 2048) >> 12;
    v2 = (v2 * cos6 - v3 * sin6 + 2048) >> 12;
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

    out[to] = 128 + ((v0 + v7 + 8) >> 4);
    out[to + stride] = 128 + ((v1 + v6 + 8) >> 4);
    out[to + 2 * stride] = 128 + ((v2 + v5 + 8) >> 4);
    out[to + 3 * stride] = 128 + ((v3 + v4 + 8) >> 4);
    out[to + 4 * stride] = 128 + ((v3 - v4 + 8) >> 4);
    out[to + 5 * stride] = 128 + ((v2 - v5 + 8) >> 4);
    out[to + 6 * stride] = 128 + ((v1 - v6 + 8) >> 4);
    out[to + 7 * stride] = 128 + ((v0 - v7 + 8) >> 4);
  }
  p.fill(0);
}
