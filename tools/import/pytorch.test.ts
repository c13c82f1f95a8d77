import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import specJson from "../../specs/glam-tiny.json" with { type: "json" };
import type { NetworkImage } from "../../src/glam/contracts.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { type SegmentationResult, segment } from "../../src/glam/pipeline.ts";
import { specSchema } from "../../src/glam/spec.ts";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { nodeRuntime, segmentCropsWith } from "../onnx/session.ts";
import { importModel } from "./import-model.ts";

/** What training/fixtures.py wrote: PyTorch's own numbers for one image, float32 in base64. */
type Reference = {
  pixels: string;
  maps: string[];
  saliency: string;
  scores: [number, number];
  regions: { top: number; left: number }[];
  local: string[];
  mergedStride: number;
  merged: string;
};

const folder = new URL("../../test/fixtures/pytorch/", import.meta.url);
const spec = specSchema.parse(specJson);
const reference: Reference = JSON.parse(await readFile(new URL("tiny.json", folder), "utf8"));
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));
const floats = (base64: string) => new Float32Array(bytes(base64).buffer);

const largestDifference = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0);
};

/** Checkpoint -> ONNX -> onnxruntime-web -> pipeline, as it ships but for quantisation. */
async function run(file: string) {
  const model = importModel(readCheckpoint(await readFile(new URL(file, folder))), spec);
  const globalNetwork = await nodeRuntime.globalNetwork(model.files.global, spec);
  const localNetwork = await nodeRuntime.localNetwork(model.files.local, spec);
  const maps: Float32Array[] = [];
  const options = {
    spec,
    regions: 2,
    segmentCrop: segmentCropsWith(localNetwork),
    globalNetwork: {
      run: async (image: NetworkImage) => {
        const found = await globalNetwork.run(image);
        maps.push(...found);
        return found;
      },
    },
  };
  let result: SegmentationResult | undefined;
  for await (const event of segment({ ...spec.canvas, pixels: bytes(reference.pixels) }, options)) {
    if (event.type === "result") result = event;
  }
  if (!result) throw new Error("no result");
  return { maps, result };
}

describe.each(["tiny-zip.pt", "tiny-legacy.pt"])("the whole pipeline on %s against PyTorch", async (file) => {
  const { maps, result } = await run(file);

  test("saliency maps, S and scores", () => {
    reference.maps.forEach((map, i) => {
      expect(largestDifference(maps[i], floats(map))).toBeLessThan(1e-5);
    });
    expect(largestDifference(result.saliency.data, floats(reference.saliency))).toBeLessThan(1e-5);
    expect(result.scores.benign).toBeCloseTo(reference.scores[0], 5);
    expect(result.scores.malignant).toBeCloseTo(reference.scores[1], 5);
  });

  test("regions and local maps", () => {
    expect(result.regions.map(({ box: { top, left } }) => ({ top, left }))).toEqual(reference.regions);
    result.outcomes.forEach((outcome, i) => {
      if (outcome.status !== "complete") throw new Error("a region failed");
      expect(largestDifference(outcome.data, floats(reference.local[i]))).toBeLessThan(1e-5);
    });
  });

  test("the fused map", () => {
    const { height, width, data } = wholeMap(result.fused);
    const sampled: number[] = [];
    for (let c = 0; c < 2; c++) {
      for (let y = 8; y < height; y += reference.mergedStride) {
        for (let x = 8; x < width; x += reference.mergedStride) sampled.push(data[(c * height + y) * width + x]);
      }
    }
    expect(largestDifference(Float32Array.from(sampled), floats(reference.merged))).toBeLessThan(1e-5);
  });
});
