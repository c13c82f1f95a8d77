import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSpec } from "../../test/support/specs.ts";
import { recordInManifest } from "../evaluate/record.ts";
import { makeBundle, readBundle, writeBundle } from "./bundle.ts";

const bundle = makeBundle(
  {
    name: "glam-tiny",
    version: "1.2.3",
    spec: readSpec("glam-tiny"),
    threshold: 0.4,
    quantisation: { kind: "none", calibrationImages: 0 },
    provenance: { trainedOn: "nothing", licence: "MIT", intendedUse: "tests" },
  },
  { global: Uint8Array.of(1, 2, 3), local: Uint8Array.of(4, 5) },
  { norms: Uint8Array.of(6) },
);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-bundle-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("a bundle comes back as it was written, byte for byte the same each time", async () => {
  await writeBundle(join(folder, "a"), bundle);
  await writeBundle(join(folder, "b"), bundle);
  expect(await readBundle(join(folder, "a"))).toEqual(bundle);
  expect(await readFile(join(folder, "a/model.json"))).toEqual(await readFile(join(folder, "b/model.json")));
  expect(bundle.manifest.networks.global.file.sha256).toBe(
    "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
  );
});

test("a new bundle in an old one's place has not the old one's calibration, which was of other weights", async () => {
  const scaling = { temperature: 2, bias: 0 };
  const scoreCalibration = { fittedOn: "tests", benign: scaling, malignant: scaling };
  await writeBundle(folder, bundle);
  await recordInManifest(folder, { scoreCalibration });
  const { manifest } = await readBundle(folder);
  expect(manifest.scoreCalibration).toEqual(scoreCalibration);
  await writeBundle(folder, makeBundle(manifest, { global: Uint8Array.of(9), local: Uint8Array.of(8) }));
  expect((await readBundle(folder)).manifest).not.toHaveProperty("scoreCalibration");
});

test("a changed network or manifest is noticed", async () => {
  await writeBundle(folder, bundle);
  for (const file of ["local.onnx", "norms.bin"]) {
    await writeBundle(folder, bundle);
    await appendFile(join(folder, file), "x");
    await expect(readBundle(folder)).rejects.toMatchObject({ code: "model-damaged" });
  }
  await writeBundle(folder, bundle);
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...bundle.manifest, schema: 2 }));
  await expect(readBundle(folder)).rejects.toMatchObject({ code: "model-damaged" });
});

test("a folder without a manifest, and a manifest that is no JSON", async () => {
  await expect(readBundle(folder)).rejects.toMatchObject({ code: "model-not-found" });
  await writeFile(join(folder, "model.json"), "{");
  await expect(readBundle(folder)).rejects.toMatchObject({ code: "model-damaged" });
});

test("a version that is no version is refused", () => {
  expect(() => makeBundle({ ...bundle.manifest, version: "latest" }, bundle.files)).toThrow();
});
