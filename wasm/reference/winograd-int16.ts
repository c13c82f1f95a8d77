/**
 * @module
 * The plain reference of F(6x6,3x3) with products of 16-bit integers: the same scales and roundings, transforms in float64.
 */
import type { PlainMap } from "./convolution.ts";

/** B^T, G and A^T for the points 0, 1, -1, 2, -2, 1/2, -1/2, infinity. */
const inputRows = [
  [1, 0, -5.25, 0, 5.25, 0, -1, 0],
  [0, 1, 1, -4.25, -4.25, 1, 1, 0],
  [0, -1, 1, 4.25, -4.25, -1, 1, 0],
  [0, 0.5, 0.25, -2.5, -1.25, 2, 1, 0],
  [0, -0.5, 0.25, 2.5, -1.25, -2, 1, 0],
  [0, 2, 4, -2.5, -5, 0.5, 1, 0],
  [0, -2, 4, 2.5, -5, -0.5, 1, 0],
  [0, -1, 0, 5.25, 0, -5.25, 0, 1],
];
const weightRows = [
  [1, 0, 0],
  [-2 / 9, -2 / 9, -2 / 9],
  [-2 / 9, 2 / 9, -2 / 9],
  [1 / 90, 1 / 45, 2 / 45],
  [1 / 90, -1 / 45, 2 / 45],
  [32 / 45, 16 / 45, 8 / 45],
  [32 / 45, -16 / 45, 8 / 45],
  [0, 0, 1],
];
const outputRows = [
  [1, 1, 1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 0],
  [0, 1, 1, 4, 4, 1 / 4, 1 / 4, 0],
  [0, 1, -1, 8, -8, 1 / 8, -1 / 8, 0],
  [0, 1, 1, 16, 16, 1 / 16, 1 / 16, 0],
  [0, 1, -1, 32, -32, 1 / 32, -1 / 32, 1],
];

/** T x T' of a square matrix x. */
function transform(rows: number[][], x: number[][]): number[][] {
  const apply = (y: number[][]) =>
    rows.map((row) => y[0].map((_, j) => row.reduce((sum, t, i) => sum + t * y[i][j], 0)));
  const flip = (y: number[][]) => y[0].map((_, j) => y.map((row) => row[j]));
  return flip(apply(flip(apply(x))));
}

const lengthOf = (values: number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** Integers, and what one of them stands for. */
type Quantised = { integers: number[]; unit: number };

function quantise(values: number[], unit: number): Quantised {
  return unit === 0
    ? { integers: values.map(() => 0), unit }
    : { integers: values.map((x) => Math.round(x / unit)), unit };
}

const quantiseInput = (values: number[]): Quantised => quantise(values, lengthOf(values) / 32760);

const quantiseWeights = (values: number[]): Quantised =>
  quantise(values, Math.max(lengthOf(values) / 65500, Math.max(...values.map(Math.abs)) / 32767));

/** Sum of products of 64 integers. @throws RangeError where int32 overflows on the way */
function product(a: Quantised, b: Quantised): number {
  let sum = 0;
  for (let i = 0; i < a.integers.length; i++) {
    if (Math.abs(a.integers[i]) > 32767 || Math.abs(b.integers[i]) > 32767) throw new RangeError("int16 overflows");
    sum += a.integers[i] * b.integers[i];
    if (Math.abs(sum) >= 2 ** 31) throw new RangeError("int32 overflows");
  }
  return sum * a.unit * b.unit;
}

/** Position `p` of 64 of the channels of every chunk of 64. */
const chunksOf = (transformed: number[][][], p: number): number[][] =>
  Array.from({ length: transformed.length / 64 }, (_, chunk) =>
    transformed.slice(chunk * 64, chunk * 64 + 64).map((x) => x[Math.floor(p / 8)][p % 8]),
  );

const positions = Array.from({ length: 64 }, (_, p) => p);

/**
 * A 3x3 convolution at stride 1 with a padding of 1, without gain or bias; whole maps only, so tiles begin at the first row.
 * @param weight `[outputs, channels, 3, 3]`; channels are a multiple of 64
 */
export function winogradInt16({ channels, height, width, data }: PlainMap, weight: ArrayLike<number>): PlainMap {
  const outputs = weight.length / channels / 9;
  const tap = (o: number, c: number, y: number, x: number) => weight[((o * channels + c) * 3 + y) * 3 + x];
  const u = Array.from({ length: outputs }, (_, o) => {
    const kernels = Array.from({ length: channels }, (_, c) =>
      transform(
        weightRows,
        [0, 1, 2].map((y) => [0, 1, 2].map((x) => tap(o, c, y, x))),
      ),
    );
    return positions.map((p) => chunksOf(kernels, p).map(quantiseWeights));
  });
  const pixel = (c: number, y: number, x: number) =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : data[(c * height + y) * width + x];
  const side = [0, 1, 2, 3, 4, 5, 6, 7];
  const found = new Float32Array(outputs * height * width);
  for (let top = 0; top < height; top += 6) {
    for (let left = 0; left < width; left += 6) {
      const tiles = Array.from({ length: channels }, (_, c) =>
        transform(
          inputRows,
          side.map((y) => side.map((x) => pixel(c, top + y - 1, left + x - 1))),
        ),
      );
      const v = positions.map((p) => chunksOf(tiles, p).map(quantiseInput));
      for (let o = 0; o < outputs; o++) {
        const m = positions.map((p) => v[p].reduce((sum, chunk, i) => sum + product(chunk, u[o][p][i]), 0));
        const pixels = transform(
          outputRows,
          side.map((y) => m.slice(y * 8, y * 8 + 8)),
        );
        pixels.forEach((line, y) => {
          line.forEach((value, x) => {
            if (top + y < height && left + x < width) found[(o * height + top + y) * width + left + x] = value;
          });
        });
      }
    }
  }
  return { channels: outputs, height, width, data: found };
}
