import { expect, test } from "vitest";
import { packConvolution } from "../../../../tools/engine/pack-weights.ts";
import { convolution } from "../../../../wasm/reference/convolution.ts";
import { maxPool } from "../../../../wasm/reference/pointwise.ts";
import { noise, relativeError, testArena, variants } from "../../../../wasm/test-arena.ts";
import type { NetworkImage } from "../../../glam/contracts.ts";
import { standardise } from "../../../glam/standardise.ts";
import { mapLayout } from "./feature-map.ts";
import { planStem } from "./plan.ts";
import { runStem } from "./stem.ts";
import { weightSource } from "./weight-source.ts";

const half = (n: number) => Math.floor((n - 1) / 2) + 1;

test.each(variants.flatMap((variant) => [0 as const, 1 as const].map((pad) => [variant, pad] as const)))(
  "7x7 stride 2 and the maximum behind it, %s, pad %i",
  async (variant, pad) => {
    for (const [height, width, strip] of [
      [37, 30, 2],
      [16, 61, 8],
      [5 + 2 * (1 - pad), 6, 1],
    ]) {
      const arena = await testArena(variant, 4 << 20);
      const image = noise(height * width, 1);
      const [weight, bias] = [noise(12 * 49, 2), noise(12, 3)];
      const conv = { outputs: 12, kernel: 7, stride: 2, pad: 3, relu: pad === 1, weight, bias };
      const plain = { ...conv, gain: new Float32Array(12).fill(1) };
      const right = maxPool(convolution({ channels: 1, height, width, data: image }, plain), pad);
      const layer = { op: "conv" as const, input: "x", output: "s", inChannels: 1, outChannels: 12 };
      const packed = packConvolution({ ...layer, ...conv }, "int8");
      const tensors = new Map([
        ["s.weight", packed.weight],
        ["s.affine", packed.affine],
      ]);
      const output = mapLayout(right);
      const shape = { name: "s", image: { height, width }, pad, relu: conv.relu, output };
      const stem = planStem(
        { ...shape, conv: mapLayout({ channels: 12, height: half(height), width: half(width) }) },
        strip,
      );
      const { kernels, memory, floats } = arena;
      const weights = weightSource({ network: "local", tensors }, memory, kernels, arena.take(1 << 16));
      const [zero, work, out] = [arena.take(stem.imageRowBytes), arena.take(stem.regions.bytes), arena.room(output)];
      const engine = { kernels, weights, bytes: new Uint8Array(memory.buffer), zero, work };
      const run = (input: NetworkImage) => {
        runStem(engine, stem, input, floats, out.origin, [0, out.layout.height]);
        return arena.get(out).data;
      };
      expect(relativeError(run(image), right.data)).toBeLessThan(1e-6);
      const deep = Uint16Array.from(image, (value) => Math.round(20_000 + 9_000 * value));
      const shallow = Uint8Array.from(image, (value) => Math.round(120 + 30 * value));
      for (const [pixels, standardisation] of [
        [deep, { mean: 20_001.5, std: 9_003 }],
        [shallow, { mean: 119.7, std: 31.2 }],
      ] as const) {
        expect(run({ pixels, standardisation })).toEqual(run(standardise(pixels, standardisation)));
      }
    }
  },
);
