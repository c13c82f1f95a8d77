import { describe, expect, test } from "vitest";
import { mapLayout, rowAddress } from "../src/edge/inference/simd/feature-map.ts";
import { classLogits, maxPool, scaleBiasRelu } from "./reference/pointwise.ts";
import { noise, relativeError, testArena, variants } from "./test-arena.ts";

/** `[channels]` -> `[planes][gain 4, bias 4]`, zeros behind. */
function packed(gain: Float32Array, bias: Float32Array): Float32Array {
  const out = new Float32Array(Math.ceil(bias.length / 8) * 16);
  bias.forEach((value, c) => {
    out[Math.floor(c / 4) * 8 + (c % 4)] = gain[c];
    out[Math.floor(c / 4) * 8 + 4 + (c % 4)] = value;
  });
  return out;
}

describe.each(variants)("small kernels of the %s module against the plain reference", (variant) => {
  test.each([0, 1])("maximum of 3x3 at stride 2, pad %i", async (pad) => {
    for (const [height, width] of [
      [3, 3],
      [4, 7],
      [1 + 2 * (1 - pad), 3],
      [13, 10],
    ]) {
      const { kernels, put, room, get } = await testArena(variant, 1 << 20);
      // Below zero, so that padding with zeros would be seen.
      const map = { channels: 5, height, width, data: noise(5 * height * width, 7).map((value) => value - 9) };
      const right = maxPool(map, pad);
      const [x, y] = [put(map), room(mapLayout(right))];
      const { layout } = x;
      const from = [x.origin, layout.rowBytes, layout.planeBytes, height, width, pad, layout.planes] as const;
      const { rowBytes, planeBytes } = y.layout;
      // In two strips.
      const cut = Math.floor(right.height / 2);
      kernels.maxPool(...from, y.origin, rowBytes, planeBytes, 0, cut, right.width);
      kernels.maxPool(...from, rowAddress(y, cut), rowBytes, planeBytes, cut, right.height - cut, right.width);
      expect(get(y).data).toEqual(right.data);
    }
  });

  test("scale, bias and ReLU, in place too", async () => {
    const { kernels, put, room, get, take, floats } = await testArena(variant, 1 << 20);
    const map = { channels: 13, height: 5, width: 7, data: noise(13 * 35, 1) };
    const [gain, bias] = [noise(13, 2), noise(13, 3)];
    const affine = take(512);
    floats.set(packed(gain, bias), affine / 4);
    const [x, y] = [put(map), room(mapLayout(map))];
    const { rowBytes, planeBytes, planes } = x.layout;
    kernels.scaleBiasRelu(x.origin, y.origin, rowBytes, planeBytes, planes, 5, 7, affine);
    const right = scaleBiasRelu(map, gain, bias).data;
    expect(relativeError(get(y).data, right)).toBeLessThan(3e-7);
    kernels.scaleBiasRelu(x.origin, x.origin, rowBytes, planeBytes, planes, 5, 7, affine);
    expect(get(x).data).toEqual(get(y).data);
  });

  test("class logits, row by row", async () => {
    const { kernels, put, take, floats } = await testArena(variant, 1 << 20);
    const map = { channels: 21, height: 4, width: 3, data: noise(21 * 12, 1) };
    const weight = noise(2 * 21, 5);
    const x = put(map);
    const [weights, out] = [take(1024), take(1024)];
    const channels = x.layout.planes * 4;
    for (let k = 0; k < 2; k++) floats.set(weight.subarray(k * 21, k * 21 + 21), weights / 4 + k * channels);
    for (let y = 0; y < 4; y++) {
      const { planeBytes, planes } = x.layout;
      kernels.classLogits(rowAddress(x, y), planeBytes, planes, 3, weights, 2, out + y * 12, 48);
    }
    const found = floats.slice(out / 4, out / 4 + 24);
    expect(relativeError(found, classLogits(map, weight, 2))).toBeLessThan(1e-6);
  });

  test("integers to f32, every value", async () => {
    const { kernels, memory, floats, take } = await testArena(variant, 1 << 20);
    const bytes = Int8Array.from({ length: 256 }, (_, i) => i - 128);
    const words = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
    const [from, to] = [take(65536 * 2), take(65536 * 4)];
    new Int8Array(memory.buffer).set(bytes, from);
    kernels.int8ToFloat(from, 256, to);
    expect(floats.slice(to / 4, to / 4 + 256)).toEqual(Float32Array.from(bytes));
    new Int16Array(memory.buffer).set(words, from / 2);
    kernels.int16ToFloat(from, 65536, to);
    expect(floats.slice(to / 4, to / 4 + 65536)).toEqual(Float32Array.from(words));
  });
});
