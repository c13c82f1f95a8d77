import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import specJson from "../../../../specs/glam-tiny.json" with { type: "json" };
import { readCheckpoint } from "../../../../tools/checkpoint/read-checkpoint.ts";
import { loadKernelModule } from "../../../../tools/engine/load-module.ts";
import { packWeights, type WeightFormat } from "../../../../tools/engine/pack-weights.ts";
import { globalNetwork } from "../../../../tools/onnx/global-network.ts";
import { localNetwork } from "../../../../tools/onnx/local-network.ts";
import { segmentCropsWith } from "../../../../tools/onnx/session.ts";
import { variants } from "../../../../wasm/test-arena.ts";
import type { NetworkImage } from "../../../glam/contracts.ts";
import { type SegmentationResult, segment } from "../../../glam/pipeline.ts";
import { specSchema } from "../../../glam/spec.ts";
import type { ConvShape } from "./conv-shape.ts";
import { simdRuntime } from "./networks.ts";
import type { PlanOptions } from "./plan.ts";
import { writeWeightsFile } from "./weights-file.ts";

/** PyTorch's own numbers for one image, float32 in base64. */
type Reference = { pixels: string; maps: string[]; scores: [number, number]; local: string[]; merged: string };

const folder = new URL("../../../../test/fixtures/pytorch/", import.meta.url);
const spec = specSchema.parse(specJson);
const reference: Reference & { mergedStride: number; regions: { top: number; left: number }[] } = JSON.parse(
  await readFile(new URL("tiny.json", folder), "utf8"),
);
const limit = 4 << 20;
const checkpoint = readCheckpoint(await readFile(new URL("tiny-zip.pt", folder)));
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));
const floats = (base64: string) => new Float32Array(bytes(base64).buffer);

const largestDifference = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0);
};

const files = (format: WeightFormat) => ({
  global: writeWeightsFile(packWeights("global", globalNetwork(checkpoint, spec), format)),
  local: writeWeightsFile(packWeights("local", localNetwork(checkpoint, spec), format)),
});

/** The pipeline on the reference image. */
async function run(format: WeightFormat, module: WebAssembly.Module, options: PlanOptions = {}) {
  const runtime = simdRuntime(module, limit, options);
  const { global, local } = files(format);
  const globalOne = await runtime.globalNetwork(global, spec);
  const localOne = await runtime.localNetwork(local, spec);
  const before = runtime.memory().bytes;
  const maps: Float32Array[] = [];
  const recorded = {
    arithmetic: globalOne.arithmetic,
    run: async (image: NetworkImage) => {
      const found = await globalOne.run(image);
      maps.push(...found);
      return found;
    },
  };
  let result: SegmentationResult | undefined;
  const pipeline = { spec, regions: 2, segmentCrop: segmentCropsWith(localOne), globalNetwork: recorded };
  for await (const event of segment({ ...spec.canvas, pixels: bytes(reference.pixels) }, pipeline)) {
    if (event.type === "result") result = event;
  }
  await globalOne.release();
  await localOne.release();
  // The arena has grown to the larger plan and stays; the weights are gone.
  expect(runtime.memory().bytes).toBeGreaterThan(before - global.length - local.length);
  expect(runtime.memory().bytes).toBeLessThanOrEqual(limit);
  if (!result) throw new Error("no result");
  return { maps, result };
}

function expectReference({ maps, result }: Awaited<ReturnType<typeof run>>, bound: number) {
  reference.maps.forEach((map, i) => {
    expect(largestDifference(maps[i], floats(map)), `s${i + 1}`).toBeLessThan(bound);
  });
  expect(Math.abs(result.scores.benign - reference.scores[0])).toBeLessThan(bound);
  expect(Math.abs(result.scores.malignant - reference.scores[1])).toBeLessThan(bound);
  expect(result.regions.map(({ box: { top, left } }) => ({ top, left }))).toEqual(reference.regions);
  result.outcomes.forEach((outcome, i) => {
    if (outcome.status !== "complete") throw new Error("a region failed");
    expect(largestDifference(outcome.data, floats(reference.local[i])), `crop ${i}`).toBeLessThan(bound);
  });
}

describe.each(variants)("both networks in the %s module against PyTorch", async (variant) => {
  const module = await loadKernelModule(variant);

  test("f32 weights", async () => {
    expectReference(await run("f32", module), 2e-5);
  });

  test("integer weights", async () => {
    expectReference(await run("int8", module), 5e-4);
  });

  test.each(["winograd-4", "winograd-6"] as const)("strips as low as they get, by %s", async (algorithm) => {
    const budget = { cacheBytes: 1, residentBytes: 0, groupBytes: 1, workBytes: 1, residentWorkBytes: 1 };
    const pick = ({ kernel, stride }: ConvShape) => (kernel === 3 && stride === 1 ? algorithm : "matrix");
    expectReference(await run("f32", module, { budget, algorithm: pick }), 2e-5);
  });
});

describe("files that do not fit", async () => {
  const runtime = simdRuntime(await loadKernelModule(), limit);
  const { global, local } = files("f32");

  test("the other network's file", async () => {
    await expect(runtime.globalNetwork(local, spec)).rejects.toMatchObject({ code: "model-damaged" });
  });

  test("the file of another spec", async () => {
    const wider = specSchema.parse({ ...specJson, global: { ...specJson.global, widths: [4, 4, 8, 8, 12] } });
    await expect(runtime.globalNetwork(global, wider)).rejects.toMatchObject({ code: "model-damaged" });
  });

  test("an image of another size", async () => {
    const network = await runtime.localNetwork(local, spec);
    await expect(network.run(new Float32Array(10))).rejects.toMatchObject({ code: "internal-error" });
  });

  test("a limit that the weights and the plan do not fit into", async () => {
    const tight = simdRuntime(await loadKernelModule(), 3 * 65536);
    await expect(tight.globalNetwork(global, spec)).rejects.toMatchObject({ code: "out-of-memory" });
    expect(tight.memory()).toEqual({ bytes: 2 * 65536, limit: 3 * 65536 });
  });

  test("networks share the arena and do not see each other's remains", async () => {
    const shared = simdRuntime(await loadKernelModule(), limit);
    const one = await shared.localNetwork(local, spec);
    const other = await shared.globalNetwork(global, spec);
    const crop = new Float32Array(spec.crop ** 2).map((_, i) => Math.sin(i));
    const first = await one.run(crop);
    await other.run(new Float32Array(spec.canvas.height * spec.canvas.width).fill(Number.NaN));
    expect(await one.run(crop)).toEqual(first);
  });
});
