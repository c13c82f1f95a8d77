import { describe, expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { randomCheckpoint } from "../../../../tools/checkpoint/random-checkpoint.ts";
import { loadKernelModule } from "../../../../tools/engine/load-module.ts";
import { packWeights } from "../../../../tools/engine/pack-weights.ts";
import { globalNetwork } from "../../../../tools/onnx/global-network.ts";
import { globalShape } from "./network-shape.ts";
import { simdRuntime } from "./networks.ts";
import { convRepeats, Repeats, segments, slidingRepeats, withResidual } from "./repeats.ts";
import { writeWeightsFile } from "./weights-file.ts";

describe("columns that repeat", () => {
  test("are common to rows; rows that nobody told of repeat nowhere, no rows everywhere", () => {
    const repeats = new Repeats(5);
    repeats.set(1, 4, [10, 90]);
    repeats.set(2, 3, [20, 100]);
    expect(repeats.common(1, 4)).toEqual([20, 90]);
    expect(repeats.common(1, 5)).toEqual([20, 0]);
    expect(repeats.common(3, 3)).toEqual([0, Number.MAX_SAFE_INTEGER]);
  });

  test("under a sliding window are those whose whole input repeats", () => {
    const whole = (x: number, [from, to]: [number, number], k: number, s: number, pad: number) =>
      s * x - pad >= from && s * x - pad + k <= to;
    for (const [kernel, stride, pad] of [
      [3, 1, 1],
      [3, 2, 1],
      [1, 2, 0],
      [7, 2, 3],
      [3, 2, 0],
    ]) {
      const [from, to] = slidingRepeats([13, 58], { kernel, stride, pad });
      for (let x = -5; x < 70; x++) {
        expect(whole(x, [13, 58], kernel, stride, pad), `${kernel} ${stride} ${x}`).toBe(x >= from && x < to);
      }
    }
  });

  test("of a Winograd convolution are whole tiles of which nothing else is read", () => {
    expect(convRepeats({ kernel: 3, stride: 1 }, true, [5, 67])).toEqual([6, 66]);
    expect(convRepeats({ kernel: 3, stride: 1 }, true, [6, 66])).toEqual([12, 60]);
    expect(convRepeats({ kernel: 3, stride: 1 }, true, [0, 14])).toEqual([0, 0]);
    expect(convRepeats({ kernel: 3, stride: 2 }, true, [11, 84])).toEqual([6, 42]);
    expect(convRepeats({ kernel: 3, stride: 2 }, true, [12, 83])).toEqual([12, 36]);
    expect(withResidual([12, 60], [13, 59])).toEqual([18, 54]);
  });

  test("leave two segments to be computed, the first with what is copied; short or empty ones leave all", () => {
    expect(segments([12, 60], 70)).toEqual([
      [0, 18],
      [60, 70],
    ]);
    expect(segments([3, 24], 24)).toEqual([
      [0, 9],
      [21, 24],
    ]);
    expect(segments([0, 24], 24)).toEqual([[0, 6]]);
    for (const columns of [
      [0, 0],
      [12, 23],
      [50, 20],
      [0, -4],
    ] as const)
      expect(segments(columns, 24)).toEqual([[0, 24]]);
  });
});

describe("the global network with background left out", async () => {
  const spec = readSpec("glam-1536x1024");
  const { height, width } = spec.canvas;
  const file = writeWeightsFile(packWeights("global", globalNetwork(randomCheckpoint(spec, 3), spec), "int8"));
  const module = await loadKernelModule();
  const open = (everything: boolean) => simdRuntime(module, 64 << 20, { everything }).globalNetwork(file, spec);
  const [skipping, plain] = [await open(false), await open(true)];

  const breast = (x: number, y: number) => (x / width) ** 2 * 2 + ((y - height / 2) / height) ** 2 * 6 < 1;
  const pixel = (x: number, y: number) => Math.sin(x * 0.37) * Math.cos(y * 0.21) + 0.5;
  const pictures: [string, (x: number, y: number) => number][] = [
    ["a breast", (x, y) => (breast(x, y) ? pixel(x, y) : -0.7)],
    [
      "a breast and a speck near the right edge",
      (x, y) => (breast(x, y) ? pixel(x, y) : x === width - 40 && y === 300 ? 0.1 : -0.7),
    ],
    ["a background that differs from row to row", (x, y) => (breast(x, y) ? pixel(x, y) : -y / height)],
    ["a background on the left", (x, y) => (breast(width - x, y) ? pixel(x, y) : -0.7)],
    ["background only", () => -0.7],
  ];
  test.each(pictures)("%s: the same to the last bit", async (_, picture) => {
    const image = Float32Array.from({ length: height * width }, (_, i) => picture(i % width, Math.floor(i / width)));
    const [found, right] = [await skipping.run(image), await plain.run(image)];
    for (const i of [0, 1, 2]) expect(Buffer.from(found[i].buffer).equals(Buffer.from(right[i].buffer))).toBe(true);
  });

  test("the last bits would tell: the maps are no constants", async () => {
    const image = Float32Array.from({ length: height * width }, (_, i) => pixel(i % width, Math.floor(i / width)));
    expect(new Set((await plain.run(image))[0]).size).toBeGreaterThan(1000);
    expect(globalShape(spec).blocks[0].output.width).toBeGreaterThan(200);
  });
});
