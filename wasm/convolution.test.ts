import { describe, expect, test } from "vitest";
import { type Algorithm, type ConvBuffers, planConv } from "../src/edge/inference/simd/conv-shape.ts";
import { convolve, loadConv } from "../src/edge/inference/simd/convolve.ts";
import { mapLayout } from "../src/edge/inference/simd/feature-map.ts";
import { weightScratchBytes, weightSource } from "../src/edge/inference/simd/weight-source.ts";
import { packConvolution, type WeightFormat } from "../tools/engine/pack-weights.ts";
import { convolution, type PlainMap } from "./reference/convolution.ts";
import { winogradInt16 } from "./reference/winograd-int16.ts";
import { noise, relativeError, type TestArena, testArena, variants } from "./test-arena.ts";

const budget = { cacheBytes: 20_000, residentBytes: 1 << 30, groupBytes: 1 };

type Case = {
  algorithm: Algorithm;
  kernel: 1 | 3;
  stride: 1 | 2;
  channels: [number, number];
  size: [number, number];
  relu?: boolean;
  residual?: boolean;
  /** Weights expanded per group instead of once. */
  grouped?: boolean;
  format?: WeightFormat;
  /** One call, so that tiles begin at the first row; else two calls, cut where no tile ends. */
  whole?: boolean;
};

function run(arena: TestArena, one: Case) {
  const [inputs, outputs] = one.channels;
  const [height, width] = one.size;
  const { kernel, stride, relu = false } = one;
  const input = { channels: inputs, height, width, data: noise(inputs * height * width, 1) };
  const weight = noise(outputs * inputs * kernel * kernel, 2);
  const bias = noise(outputs, 3);
  const out = { channels: outputs, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
  const rest = one.residual ? { ...out, data: noise(outputs * out.height * out.width, 4) } : undefined;

  const layer = { op: "conv" as const, input: "x", output: "c", inChannels: inputs, outChannels: outputs, pad: 0 };
  const packed = packConvolution({ ...layer, weight, bias, kernel, stride, relu }, one.format ?? "f32");
  const tensors = new Map([
    ["c.weight", packed.weight],
    ["c.affine", packed.affine],
  ]);
  const scratch = arena.take(weightScratchBytes(mapLayout(input).planes * 4 * 72));
  const weights = weightSource({ network: "local", tensors }, arena.memory, arena.kernels, scratch);
  const shape = { name: "c", kernel, stride, input: mapLayout(input), output: mapLayout(out), relu };
  const limits = one.grouped ? { ...budget, residentBytes: 0 } : budget;
  const plan = planConv(shape, out.height, limits, one.algorithm);
  const room = (bytes: number) => {
    const at = arena.take(bytes);
    arena.floats.fill(Number.NaN, at / 4, (at + bytes) / 4);
    return at;
  };
  const buffers: ConvBuffers = {
    v: room(plan.bytes.v),
    u: room(plan.bytes.u),
    m: room(plan.bytes.m),
    affine: arena.take(outputs * 8 + 64),
    zero: arena.take(shape.input.planeBytes + 128),
  };
  const conv = { plan, buffers };
  loadConv(conv, weights, arena.kernels);
  const [x, y] = [arena.put(input), arena.room(shape.output)];
  const residual = rest && arena.put(rest);
  const cut = one.whole ? out.height : Math.ceil(out.height / 3);
  convolve(conv, weights, arena.kernels, x, y, [0, cut], residual);
  if (cut < out.height) convolve(conv, weights, arena.kernels, x, y, [cut, out.height], residual);
  const pad = (kernel - 1) / 2;
  const plain = { weight, gain: new Float32Array(outputs).fill(1), bias, outputs, kernel, stride, pad, relu };
  return { found: arena.get(y), right: convolution(input, plain, rest?.data), rows: y, input, weight, bias };
}

/** Root mean square of the differences, relative to that of what is right. */
function meanError(found: Float32Array, right: Float32Array): number {
  const squares = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(squares(found.map((x, i) => x - right[i])) / squares(right));
}

/** A stride-2 convolution as the sum of its phases, each by the reference of products of integers at stride 1. */
function sumOfPhases(map: PlainMap, weight: Float32Array, bias: Float32Array): Float32Array {
  const [height, width] = [Math.ceil(map.height / 2), Math.ceil(map.width / 2)];
  const area = height * width;
  const sum = Float32Array.from({ length: bias.length * area }, (_, i) => bias[Math.floor(i / area)]);
  for (const [y0, x0] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    const data = Float32Array.from({ length: map.channels * area }, (_, i) => {
      const [y, x] = [2 * (Math.floor(i / width) % height) + y0, 2 * (i % width) + x0];
      return y < map.height && x < map.width ? map.data[(Math.floor(i / area) * map.height + y) * map.width + x] : 0;
    });
    // Taps of odd rows or columns: 0 and 2, then none; of even ones: none, 1, none.
    const tapOf = (odd: number, k: number) => (odd ? [0, 2][k] : [undefined, 1][k]);
    const taps = weight.map((_, i) => {
      const [y, x] = [tapOf(y0, Math.floor(i / 3) % 3), tapOf(x0, i % 3)];
      return y === undefined || x === undefined ? 0 : weight[i - (i % 9) + y * 3 + x];
    });
    winogradInt16({ channels: map.channels, height, width, data }, taps).data.forEach((x, i) => {
      sum[i] += x;
    });
  }
  return sum;
}

const sizes: [number, number][] = [
  [1, 1],
  [1, 9],
  [7, 1],
  [2, 3],
  [6, 6],
  [13, 11],
  [24, 19],
];

describe.each(variants)("convolutions of the %s module against the plain reference", (variant) => {
  test.each(["winograd-4", "winograd-6"] as const)("3x3 by %s, odd sizes down to one pixel", async (algorithm) => {
    const arena = await testArena(variant, 8 << 20);
    for (const size of sizes) {
      const one: Case = { algorithm, kernel: 3, stride: 1, channels: [5, 11], size };
      const { found, right } = run(arena, { ...one, relu: true, residual: true });
      expect(relativeError(found.data, right.data), `${size}`).toBeLessThan(5e-5);
    }
  });

  test.each([1, 3] as const)("kernel %i, stride 2, by a gathered matrix", async (kernel) => {
    const arena = await testArena(variant, 8 << 20);
    for (const size of sizes) {
      const { found, right } = run(arena, { algorithm: "matrix", kernel, stride: 2, channels: [9, 17], size });
      expect(relativeError(found.data, right.data), `${size}`).toBeLessThan(3e-6);
    }
  });

  test.each([
    [5, 11],
    [16, 32],
    [72, 24],
  ])("kernel 3, stride 2, by Winograd of its phases, %i channels to %i", async (...channels) => {
    const arena = await testArena(variant, 96 << 20);
    for (const size of [...sizes, [23, 49], [25, 50]] as [number, number][]) {
      const one: Case = { algorithm: "winograd-6-stride-2", kernel: 3, stride: 2, channels, size };
      const { found, right } = run(arena, { ...one, relu: true, residual: true });
      expect(relativeError(found.data, right.data), `${size}`).toBeLessThan(8e-5);
      const grouped = run(arena, { ...one, relu: true, residual: true, grouped: true });
      expect(relativeError(grouped.found.data, right.data), `${size}, group by group`).toBeLessThan(8e-5);
    }
  });

  test.each([
    [64, 8, 1, 1],
    [64, 136, 9, 15],
    [128, 8, 26, 25],
  ])("kernel 3, stride 2, by integers of its phases, %i channels to %i, %i x %i", async (from, to, ...size) => {
    const one: Case = { algorithm: "winograd-6-stride-2-int16", kernel: 3, stride: 2, channels: [from, to], size };
    for (const grouped of [false, true]) {
      const { found, right, input, weight, bias } = run(await testArena(variant, 32 << 20), {
        ...one,
        grouped,
        whole: true,
      });
      expect(meanError(found.data, sumOfPhases(input, weight, bias))).toBeLessThan(2e-4);
      expect(meanError(found.data, right.data)).toBeLessThan(2e-3);
    }
  });

  test.each([
    [64, 136, 1, 1, 1],
    [128, 24, 1, 13, 11],
    [64, 136, 2, 9, 15],
    [192, 8, 2, 10, 6],
  ] as const)("1x1 by integers, %i channels to %i, stride %i, %i x %i", async (from, to, stride, ...size) => {
    const one = { algorithm: "matrix-int16" as const, kernel: 1 as const, stride, size: [...size] as [number, number] };
    const arena = await testArena(variant, 8 << 20);
    const { found, right } = run(arena, { ...one, channels: [from, to], residual: true, relu: true });
    expect(meanError(found.data, right.data)).toBeLessThan(3e-4);
  });

  test("1x1 stride 1 with a residual", async () => {
    const arena = await testArena(variant, 8 << 20);
    const one: Case = { algorithm: "matrix", kernel: 1, stride: 1, channels: [40, 24], size: [13, 11] };
    const { found, right } = run(arena, { ...one, residual: true, relu: true });
    expect(relativeError(found.data, right.data)).toBeLessThan(3e-6);
  });

  test("many channels: error of both Winograd sizes", async () => {
    const arena = await testArena(variant, 48 << 20);
    for (const [algorithm, bound] of [["winograd-4", 4e-5] as const, ["winograd-6", 8e-5] as const]) {
      const { found, right } = run(arena, { algorithm, kernel: 3, stride: 1, channels: [136, 40], size: [12, 18] });
      expect(relativeError(found.data, right.data), algorithm).toBeLessThan(bound);
    }
  });

  test("weights expanded group by group, row by row, give the same", async () => {
    const arena = await testArena(variant, 16 << 20);
    for (const algorithm of ["winograd-4", "winograd-6"] as const) {
      const one: Case = { algorithm, kernel: 3, stride: 1, channels: [16, 40], size: [13, 11], residual: true };
      const whole = run(arena, one);
      const grouped = run(arena, { ...one, grouped: true });
      expect(relativeError(grouped.found.data, whole.found.data)).toBeLessThan(3e-5);
    }
  });

  test("int16 weights cost next to nothing", async () => {
    const arena = await testArena(variant, 8 << 20);
    const one: Case = {
      algorithm: "winograd-6",
      kernel: 3,
      stride: 1,
      channels: [16, 16],
      size: [13, 11],
      format: "int8",
    };
    const { found, right } = run(arena, one);
    expect(relativeError(found.data, right.data)).toBeLessThan(4e-4);
  });

  test("the margins of the output are zero and padding channels too", async () => {
    const arena = await testArena(variant, 8 << 20);
    const { rows } = run(arena, { algorithm: "winograd-6", kernel: 3, stride: 1, channels: [5, 11], size: [7, 10] });
    const { layout, origin } = rows;
    for (let line = 0; line < layout.height * layout.planes; line++) {
      const at = (origin + line * layout.planeBytes) / 4;
      for (let x = 0; x < layout.stride; x++) {
        if (x >= 1 && x <= layout.width) continue;
        expect([...arena.floats.subarray(at + x * 4, at + x * 4 + 4)]).toEqual([0, 0, 0, 0]);
      }
    }
    // 11 channels: the last plane is all padding, the one before has one padding channel.
    const lastPlane = (origin + 3 * layout.planeBytes) / 4;
    expect([...arena.floats.subarray(lastPlane, lastPlane + layout.stride * 4)].every((v) => v === 0)).toBe(true);
  });
});
