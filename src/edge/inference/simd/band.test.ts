import { expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { randomCheckpoint } from "../../../../tools/checkpoint/random-checkpoint.ts";
import { loadKernelModule } from "../../../../tools/engine/load-module.ts";
import { packWeights } from "../../../../tools/engine/pack-weights.ts";
import { localNetwork } from "../../../../tools/onnx/local-network.ts";
import { joinRows, takeRows } from "../../../glam/map-rows.ts";
import { bandMacs, bandRows, cutBands } from "./band.ts";
import { localShape } from "./network-shape.ts";
import { simdRuntime } from "./networks.ts";
import { writeWeightsFile } from "./weights-file.ts";

const tiny = readSpec("glam-tiny");
const released = localShape(readSpec("glam-2944x1920"));

/** Infinite when the lengths differ. */
const largestDifference = (found: Float32Array, right: Float32Array) =>
  found.length === right.length
    ? found.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0)
    : Number.POSITIVE_INFINITY;

test("bands cover the map once, and those in the middle are lower", () => {
  for (const count of [1, 2, 3, 5, 8]) {
    const bands = cutBands(released, count);
    expect(bands).toHaveLength(count);
    expect(bands[0][0]).toBe(0);
    expect(bands[count - 1][1]).toBe(128);
    expect(bands.slice(1).map(([from]) => from)).toEqual(bands.slice(0, -1).map(([, to]) => to));
  }
  const [top, middle] = cutBands(released, 4).map(([from, to]) => to - from);
  expect(middle).toBeLessThan(top);
});

test("more bands than rows are as many as there are rows", () => {
  expect(cutBands(localShape(tiny), 1000).every(([from, to]) => to === from + 1)).toBe(true);
});

test("a band of the released network depends on 66 rows more of the first map, 2 of the last block's", () => {
  const rows = bandRows(released, [60, 68]);
  expect(rows[rows.length - 2]).toEqual([58, 70]);
  expect(rows[0]).toEqual([28, 100]);
  expect(bandMacs(released, [0, 64]) / bandMacs(released, [0, 128])).toBeLessThan(0.57);
});

test("bands of every kind give the rows of the whole map", async () => {
  const runtime = simdRuntime(await loadKernelModule(), 16 << 20);
  const network = localNetwork(randomCheckpoint(tiny, 5), tiny);
  const { run } = await runtime.localNetwork(writeWeightsFile(packWeights("local", network, "f32")), tiny);
  const crop = new Float32Array(tiny.crop ** 2).map((_, i) => Math.sin(i * i));
  const whole = await run(crop);
  const side = Math.sqrt(whole.length / 2);
  for (const band of [
    [0, 1],
    [side - 1, side],
    [3, side - 2],
    [0, side],
  ] as const) {
    // What an earlier run left in the arena must not show.
    await run(crop.map((value) => value + 3));
    const found = await run(crop, band);
    const right = takeRows(whole, side, band);
    expect(largestDifference(found, right)).toBeLessThan(1e-5);
  }
  const parts = [];
  for (const band of cutBands(localShape(tiny), 3)) parts.push({ band, data: await run(crop, band) });
  expect(largestDifference(joinRows(parts, side), whole)).toBeLessThan(1e-5);
});

test("rows that the map does not have are refused", async () => {
  const runtime = simdRuntime(await loadKernelModule(), 16 << 20);
  const network = localNetwork(randomCheckpoint(tiny, 5), tiny);
  const { run } = await runtime.localNetwork(writeWeightsFile(packWeights("local", network, "f32")), tiny);
  const crop = new Float32Array(tiny.crop ** 2);
  for (const band of [
    [-1, 4],
    [4, 4],
    [5, 4],
    [0, 1000],
    [Number.NaN, 3],
  ] as const) {
    await expect(run(crop, band)).rejects.toMatchObject({ code: "internal-error" });
  }
});
