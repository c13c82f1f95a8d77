import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { saveCheckpoint } from "../../test/support/pickles.ts";
import { readSpec } from "../../test/support/specs.ts";
import { readBundle } from "../bundle/bundle.ts";
import { randomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import { importCommand } from "./import.ts";

const spec = readSpec("glam-tiny");
let folder: string;
let checkpoint: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-import-"));
  checkpoint = join(folder, "tiny.pt");
  await writeFile(checkpoint, saveCheckpoint(randomCheckpoint(spec, 3)));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const glamImport = (...values: string[]) =>
  importCommand().parseAsync([checkpoint, "--spec", "glam-tiny", ...values], { from: "user" });

test("for onnxruntime-web: quantises, prints the table and writes a bundle with the provenance", async () => {
  const out = join(folder, "out");
  const quality = join(folder, "quality.json");
  await writeFile(quality, JSON.stringify({ dice: 0.4 }));
  await glamImport(
    ...[
      "--out",
      out,
      "--runtime",
      "ort",
      "--min-channels",
      "4",
      "--calibrate-phantoms",
      "4",
      "--measure-phantoms",
      "3",
    ],
    ...[
      "--name",
      "mine",
      "--model-version",
      "2.0.1",
      "--trained-on",
      "noise",
      "--licence",
      "MIT",
      "--quality",
      quality,
    ],
  );
  expect(printed).toMatch(/convolutions in int8/);
  expect(printed).toMatch(/Error against float32 on 3 held-out canvases/);
  const { manifest } = await readBundle(out);
  expect(manifest).toMatchObject({ name: "mine", version: "2.0.1", spec, quantisation: { kind: "static-uint8" } });
  expect(manifest.quantisation).toMatchObject({ calibrationImages: 4, error: { canvases: 3 } });
  expect(manifest.provenance).toMatchObject({ trainedOn: "noise", licence: "MIT", quality: { dice: 0.4 } });
});

test("calibrates and measures with given images", async () => {
  const image = join(folder, "view.png");
  const { pixels, height, width } = generatePhantom({ seed: 5, height: 120, width: 90, bits: 8, view: "L-CC" });
  await writeFile(image, encode({ data: pixels, height, width, channels: 1, depth: 8 }));
  const out = join(folder, "out");
  await glamImport(
    "--out",
    out,
    "--runtime",
    "ort",
    "--min-channels",
    "4",
    "--calibrate",
    image,
    "--measure",
    image,
    "--measure-phantoms",
    "0",
  );
  expect(printed).toContain("calibrating on 1 images and 0 phantoms");
  expect((await readBundle(out)).manifest.quantisation.calibrationImages).toBe(1);
});

test("f32 needs no images and leaves the weights as they are", async () => {
  const out = join(folder, "out");
  await glamImport("--out", out, "--weights", "f32", "--runtime", "ort");
  const { manifest, files } = await readBundle(out);
  expect(manifest.quantisation).toEqual({ kind: "none", calibrationImages: 0 });
  expect(new TextDecoder("latin1").decode(files.local)).not.toContain("QLinearConv");
});

test("by default a bundle for either runtime, the engine first, and the error is the engine's", async () => {
  const out = join(folder, "out");
  await glamImport("--out", out, "--calibrate-phantoms", "4", "--measure-phantoms", "3");
  const { manifest, files, alternatives, norms } = await readBundle(out);
  for (const which of ["global", "local"] as const) {
    expect(manifest.networks[which]).toMatchObject({
      runtime: "simd",
      file: { path: `${which}.bin`, bytes: files[which].length },
      alternatives: [{ runtime: "ort", file: { path: `${which}.onnx`, bytes: alternatives?.[which]?.length } }],
    });
  }
  expect(manifest.quantisation).toMatchObject({ kind: "weights-int8", error: { canvases: 3 } });
  expect(manifest.norms).toMatchObject({ path: "norms.bin", bytes: norms?.length });
});

test("what cannot be used is said with a stable code, and nothing is written", async () => {
  const out = join(folder, "out");
  await writeFile(checkpoint, saveCheckpoint(randomCheckpoint(readSpec("glam-1536x1024"), 3)));
  await expect(glamImport("--out", out)).rejects.toMatchObject({ code: "checkpoint-mismatch" });
  await writeFile(checkpoint, "nothing");
  await expect(glamImport("--out", out)).rejects.toMatchObject({ code: "checkpoint-unreadable" });
  await writeFile(checkpoint, saveCheckpoint(randomCheckpoint(spec, 3)));
  await expect(glamImport("--out", out, "--calibrate-phantoms", "0")).rejects.toMatchObject({
    code: "invalid-request",
  });
  await expect(glamImport("--out", out, "--calibrate", checkpoint)).rejects.toMatchObject({ code: "image-unreadable" });
  const broken = join(folder, "spec.json");
  await writeFile(broken, JSON.stringify({ ...spec, crop: 4000 }));
  await expect(glamImport("--out", out, "--spec", broken)).rejects.toMatchObject({ code: "invalid-request" });
  for (const [option, path] of [
    ["--spec", "glam-unheard-of"],
    ["--calibrate", join(folder, "none.png")],
  ]) {
    await expect(glamImport("--out", out, option, path)).rejects.toMatchObject({ code: "invalid-request" });
  }
  await rm(checkpoint);
  await expect(glamImport("--out", out)).rejects.toMatchObject({ code: "invalid-request" });
  await expect(readFile(join(out, "model.json"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a bundle is called what its folder is called, unless a name is given; a folder's name that is none is refused at once", async () => {
  const few = ["--weights", "f32", "--runtime", "simd"];
  const nameOf = async (out: string, ...values: string[]) => {
    await glamImport("--out", out, ...few, ...values);
    return (await readBundle(out)).manifest.name;
  };
  expect(await nameOf(join(folder, "mine"))).toBe("mine");
  expect(await nameOf(`${join(folder, "mine")}/`, "--name", "other")).toBe("other");
  printed = "";
  await expect(glamImport("--out", join(folder, "My Model"), ...few)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("--name"),
  });
  expect(printed).toBe("");
  expect(await nameOf(join(folder, "My Model"), "--name", "my-model")).toBe("my-model");
});
