import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSpec } from "../../test/support/specs.ts";
import { benchFidelity, type FidelityOptions } from "./command.ts";
import { broken, type Difference } from "./compare.ts";
import { hasPytorch } from "./python.ts";

const torch = await hasPytorch();
if (!torch)
  console.log("skipped: a random checkpoint against PyTorch, because there is no Python with numpy and torch");

const folder = await mkdtemp(join(tmpdir(), "glam-fidelity-test-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A tenth of the released size, with channels enough for int8 weights in both networks. */
async function smallSpec(): Promise<string> {
  const tiny = readSpec("glam-tiny");
  const spec = {
    ...tiny,
    name: "glam-fidelity",
    canvas: { height: 256, width: 192 },
    crop: 64,
    saliency: { ...tiny.saliency, height: 16, width: 12 },
    global: { ...tiny.global, widths: [8, 16, 32, 128, 256], blocks: [2, 1, 2, 1, 1] },
    local: { ...tiny.local, widths: [32, 128, 256], blocks: [1, 2, 1] },
  };
  const file = join(folder, "spec.json");
  await writeFile(file, JSON.stringify(spec));
  return file;
}

test.skipIf(!torch)(
  "a random checkpoint through import and pipeline is within the tolerances of PyTorch",
  async () => {
    const options: FidelityOptions = {
      ...{ spec: await smallSpec(), seed: 5, images: 5, weights: "both", regions: 3, json: false },
    };
    const { int8, f32 } = await benchFidelity(options);
    expect(int8?.broken).toEqual([]);
    expect(f32?.broken).toEqual([]);
    expect(f32?.sameRegions).toBe(5);
    // int8 must show: else the importer has stored something else, or the maps do not vary.
    expect(int8?.localMax).toBeGreaterThan(10 * (f32?.localMax ?? 1));
  },
  180_000,
);

test("what is too far is named, and NaN is too far", () => {
  const none: Difference = {
    ...{
      score: 0,
      saliencyP99: 0,
      saliencyMax: 0,
      localP99: 0,
      localMax: 0,
      fusedP99: 0,
      fusedMax: 0,
      regionPixels: 0,
    },
  };
  expect(broken(none, "f32", 16)).toEqual([]);
  expect(broken({ ...none, regionPixels: 16 }, "int8", 16)).toEqual([]);
  expect(broken({ ...none, regionPixels: 16 }, "f32", 16)).toEqual(["regionPixels"]);
  expect(broken({ ...none, regionPixels: 17, score: 0.011 }, "int8", 16)).toEqual(["score", "regionPixels"]);
  expect(broken({ ...none, score: Number.NaN }, "int8", 16)).toEqual(["score"]);
});
