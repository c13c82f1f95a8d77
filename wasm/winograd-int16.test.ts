import { describe, expect, test } from "vitest";
import { planConv } from "../src/edge/inference/simd/conv-shape.ts";
import { convolve, loadConv } from "../src/edge/inference/simd/convolve.ts";
import { mapLayout } from "../src/edge/inference/simd/feature-map.ts";
import { weightScratchBytes, weightSource } from "../src/edge/inference/simd/weight-source.ts";
import { packedIndex } from "../tools/engine/pack-weights.ts";
import { convolution, type PlainMap } from "./reference/convolution.ts";
import { winogradInt16 } from "./reference/winograd-int16.ts";
import { noise, relativeError, type TestArena, testArena, variants } from "./test-arena.ts";

type Case = { channels: [number, number]; size: [number, number]; input: Float32Array; weight: Int8Array };

/** Runs the convolution in one pass, or in two that are cut at a row where a tile ends. */
function run(
  arena: TestArena,
  { channels: [inputs, outputs], size: [height, width], input, weight }: Case,
  cut = height,
  residentBytes = 0,
) {
  const map = { channels: inputs, height, width, data: input };
  const layer = { op: "conv" as const, input: "x", output: "c", inChannels: inputs, outChannels: outputs, pad: 1 };
  const index = packedIndex({
    ...layer,
    weight: new Float32Array(),
    bias: new Float32Array(),
    kernel: 3,
    stride: 1,
    relu: false,
  });
  const packed = new Int8Array(Math.ceil(outputs / 8) * 8 * inputs * 9);
  weight.forEach((value, i) => {
    packed[index(Math.floor(i / 9 / inputs), Math.floor(i / 9) % inputs, i % 9)] = value;
  });
  const affine = Float32Array.from({ length: Math.ceil(outputs / 8) * 16 }, (_, i) => (i % 8 < 4 ? 1 : 0));
  const tensors = new Map<string, Int8Array | Float32Array>([
    ["c.weight", packed],
    ["c.affine", affine],
  ]);
  const scratch = arena.take(weightScratchBytes(inputs * 72));
  const weights = weightSource({ network: "local", tensors }, arena.memory, arena.kernels, scratch);
  const [from, to] = [mapLayout(map), mapLayout({ channels: outputs, height, width })];
  const shape = { name: "c", kernel: 3 as const, stride: 1 as const, input: from, output: to, relu: false };
  const plan = planConv(shape, height, { cacheBytes: 0, residentBytes, groupBytes: 1 }, "winograd-6-int16");
  const room = (bytes: number) => {
    const at = arena.take(bytes);
    arena.floats.fill(Number.NaN, at / 4, (at + bytes) / 4);
    return at;
  };
  const buffers = {
    v: room(plan.bytes.v),
    u: room(plan.bytes.u),
    m: room(plan.bytes.m),
    affine: arena.take(affine.byteLength),
    zero: arena.take(from.planeBytes + 128),
  };
  const conv = { plan, buffers };
  loadConv(conv, weights, arena.kernels);
  const [x, y] = [arena.put(map), arena.room(to)];
  convolve(conv, weights, arena.kernels, x, y, [0, cut]);
  if (cut < height) convolve(conv, weights, arena.kernels, x, y, [cut, height]);
  return arena.get(y).data;
}

/** Without any rounding. */
function exactly(map: PlainMap, outputs: number, weight: Int8Array): PlainMap {
  const gain = new Float32Array(outputs).fill(1);
  const bias = new Float32Array(outputs);
  return convolution(map, { weight, gain, bias, outputs, kernel: 3, stride: 1, pad: 1, relu: false });
}

const int8 = (length: number, seed: number) => Int8Array.from(noise(length, seed), (x) => Math.round(x * 40));

/** Root mean square of the differences, relative to that of what is right. */
function meanError(found: Float32Array, right: Float32Array): number {
  const squares = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(squares(found.map((x, i) => x - right[i])) / squares(right));
}

/**
 * Channels whose sizes differ by orders of magnitude, as behind a ReLU. Integers, which float32 transforms without rounding:
 * then hardly any value is rounded to another integer than in the reference.
 */
const activations = (channels: number, pixels: number) =>
  noise(channels * pixels, 1).map((x, i) => Math.round(Math.max(0, x) * 20) * 2 ** (Math.floor(i / pixels) % 7));

/** A case against the plain reference, which takes longer than the kernels: both modules share its result. */
const referenceCases = [
  [64, 8, 1, 1],
  [64, 140, 7, 13],
  [192, 8, 12, 19],
].map(([inputs, outputs, height, width]) => {
  const input = activations(inputs, height * width);
  const weight = int8(outputs * inputs * 9, 2);
  const map = { channels: inputs, height, width, data: input };
  const one: Case = { channels: [inputs, outputs], size: [height, width], input, weight };
  return {
    inputs,
    outputs,
    height,
    width,
    one,
    rounded: winogradInt16(map, weight),
    exact: exactly(map, outputs, weight),
  };
});

describe.each(variants)("3x3 by products of 16-bit integers, %s module", (variant) => {
  test.each(referenceCases)(
    "$inputs channels to $outputs, $height x $width, against the plain reference",
    async ({ one, rounded, exact }) => {
      for (const residentBytes of [0, 1 << 30]) {
        const found = run(await testArena(variant, 24 << 20), one, undefined, residentBytes);
        expect(meanError(found, rounded.data), `${residentBytes} bytes of weights stay`).toBeLessThan(1e-4);
        expect(meanError(found, exact.data)).toBeLessThan(2e-3);
      }
    },
  );

  test("a tile's result does not depend on the strip it is computed in", async () => {
    const input = activations(64, 13 * 20);
    const one: Case = { channels: [64, 8], size: [13, 20], input, weight: int8(8 * 64 * 9, 3) };
    const whole = run(await testArena(variant, 8 << 20), one);
    expect(run(await testArena(variant, 8 << 20), one, 6)).toEqual(whole);
  });

  test.each([
    ["equal in all channels", () => 3, () => 127],
    ["of one channel only", (c: number) => (c === 5 ? 1e6 : 0), (c: number) => (c === 5 ? -127 : 0)],
    ["of one channel, weights of all", (c: number) => (c === 5 ? 1e-6 : 0), () => -127],
    ["of all channels, weights of one", () => -1e12, (c: number) => (c === 5 ? 127 : 0)],
    ["all zero", () => 0, () => 0],
  ])("the largest sums do not overflow: values %s", async (_, value, tap) => {
    const arena = await testArena(variant, 8 << 20);
    const input = Float32Array.from({ length: 64 * 36 }, (_, i) => value(Math.floor(i / 36)));
    const weight = Int8Array.from({ length: 8 * 64 * 9 }, (_, i) => tap(Math.floor(i / 9) % 64));
    const found = run(arena, { channels: [64, 8], size: [6, 6], input, weight });
    const map = { channels: 64, height: 6, width: 6, data: input };
    expect(relativeError(found, exactly(map, 8, weight).data)).toBeLessThan(1e-2);
  });

  test("what is no number stays none", async () => {
    const input = activations(64, 36).fill(Number.NaN, 0, 1);
    const found = run(await testArena(variant, 8 << 20), {
      channels: [64, 8],
      size: [6, 6],
      input,
      weight: int8(8 * 64 * 9, 3),
    });
    expect(found[0]).toBeNaN();
  });
});
