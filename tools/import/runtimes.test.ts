import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSpec } from "../../test/support/specs.ts";
import { readBundle } from "../bundle/bundle.ts";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { phantomCanvases } from "./canvases.ts";
import { importModel } from "./import-model.ts";
import { measureError } from "./measure-error.ts";
import { chooseRuntimes, describeEngine, engineFiles, pickFiles } from "./runtimes.ts";

const fixture = (path: string) => fileURLToPath(new URL(`../../test/fixtures/${path}`, import.meta.url));

test("the engine is preferred; files of onnxruntime-web come along where it can hold the networks", () => {
  const engine = { global: "simd", local: "simd" };
  expect(chooseRuntimes(readSpec("glam-2944x1920"), "auto")).toEqual({ choice: engine, alternatives: false });
  expect(chooseRuntimes(readSpec("glam-1536x1024"), "auto")).toEqual({ choice: engine, alternatives: true });
  expect(chooseRuntimes(readSpec("glam-1536x1024"), "simd")).toEqual({ choice: engine, alternatives: false });
  expect(chooseRuntimes(readSpec("glam-2944x1920"), "both")).toEqual({ choice: engine, alternatives: true });
  const ort = { choice: { global: "ort", local: "ort" }, alternatives: false };
  expect(chooseRuntimes(readSpec("glam-1536x1024"), "ort")).toEqual(ort);
});

test("the two engines agree on one checkpoint: float32 to 1e-5, integer weights to 1e-3", async () => {
  const spec = readSpec("glam-tiny");
  const model = importModel(readCheckpoint(await readFile(fixture("pytorch/tiny-legacy.pt"))), spec);
  const choice = { global: "simd", local: "simd" } as const;
  for (const [format, bound] of [["f32", 1e-5] as const, ["int8", 1e-3] as const]) {
    const files = pickFiles(choice, model.files, engineFiles(model, format));
    const report = await measureError(model.files, files, phantomCanvases(spec, 4, 900), spec);
    expect(report.saliency.maximum).toBeLessThan(bound);
    expect(report.local.maximum).toBeLessThan(bound);
    expect(report.sameRegions).toBe(report.regions);
  }
});

test("the engine's bundle that other tests use is the PyTorch fixture", async () => {
  const { manifest, files } = await readBundle(fixture("models/glam-tiny-simd"));
  expect(manifest.networks.local).toMatchObject({ runtime: "simd", file: { path: "local.bin" } });
  const model = importModel(readCheckpoint(await readFile(fixture("pytorch/tiny-zip.pt"))), manifest.spec);
  expect(files).toEqual(engineFiles(model, "int8"));
});

test("what is printed before an import is the plan's peak", () => {
  const spec = readSpec("glam-2944x1920");
  const files = { global: new Uint8Array(3.6e6), local: new Uint8Array(22.9e6) };
  const lines = describeEngine(spec, { global: "ort", local: "simd" }, files);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^local: SIMD engine, peak 9\d\.\d MB: 7\d\.\d MB of linear memory and 22\.9 MB of weights$/,
  );
});
