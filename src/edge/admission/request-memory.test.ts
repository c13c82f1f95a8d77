import { expect, test } from "vitest";
import { readSpec } from "../../../test/support/specs.ts";
import type { NetworkFile } from "../../contract/manifest.ts";
import { type PlannedRequest, planNetworks, planRequest } from "./request-memory.ts";

const spec = readSpec("glam-2944x1920");
const tile = { height: 512, width: 512 };
const base: PlannedRequest = { spec, regions: 1, bits: 8, tile, uploadBytes: 2e6, underWay: 6, runtime: "simd" };
const file = (runtime: "ort" | "simd", bytes: number): NetworkFile => ({
  runtime,
  file: { path: "x.bin", bytes, sha256: "0".repeat(64) },
});
/** What `glam import --weights int8` makes of the released networks. */
const released = { global: file("simd", 3.6e6), local: file("simd", 22.8e6) };
const budget = 112e6;

test("the buffers of a full-size request with the networks of its isolate are at most 112 MB", () => {
  const networks = { front: planNetworks(spec, { global: released.global }), both: planNetworks(spec, released) };
  for (const bits of [8, 16] as const) {
    for (const regions of [1, 6]) {
      expect(networks.front + planRequest({ ...base, bits, regions, uploadBytes: 12e6 }).peak).toBeLessThan(budget);
    }
  }
  expect(networks.both + planRequest(base).peak).toBeLessThan(budget);
});

test("the peak grows with what is sent and asked for", () => {
  const { peak } = planRequest(base);
  expect(planRequest({ ...base, bits: 16 }).peak).toBeGreaterThan(peak + 5e6);
  expect(planRequest({ ...base, uploadBytes: 30e6 }).peak).toBeGreaterThan(peak + 25e6);
  expect(planRequest({ ...base, regions: 16 }).peak).toBeGreaterThan(peak);
  expect(planRequest({ ...base, tile: spec.canvas }).peak).toBeGreaterThan(peak + 15e6);
  // onnxruntime-web wants the canvas in float32.
  expect(planRequest({ ...base, runtime: "ort" }).peak).toBeGreaterThan(4 * 2944 * 1920);
});

test("the engine's networks share their linear memory; onnxruntime-web's are known when they run", () => {
  const global = planNetworks(spec, { global: released.global });
  const both = planNetworks(spec, released);
  expect(both - global).toBeLessThan(60e6);
  expect(planNetworks(spec, { global: file("ort", 1e6), local: released.local })).toBeLessThan(both);
  expect(planNetworks(spec, { global: file("ort", 1e6) })).toBe(0);
});
