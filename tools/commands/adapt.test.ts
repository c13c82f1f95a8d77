import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { readSpec } from "../../test/support/specs.ts";
import { readBundle } from "../bundle/bundle.ts";
import { toolRuntime } from "../engine/tool-runtime.ts";
import { recordInManifest } from "../evaluate/record.ts";
import { phantomCanvases } from "../import/canvases.ts";
import { globalInput } from "../import/inputs.ts";
import { adaptCommand } from "./adapt.ts";
import { importCommand } from "./import.ts";

const spec = readSpec("glam-tiny");
const checkpoint = fileURLToPath(new URL("../../test/fixtures/pytorch/tiny-zip.pt", import.meta.url));
let shared: string;
let model: string;
let films: string;
let folder: string;
let said: string;

/** What a command prints is kept, and does not get among the tests' own lines. */
function listen() {
  said = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
  }
}

const asked = "--spec glam-tiny --weights f32".split(" ");
const glamImport = (out: string, runtime: string) =>
  importCommand().parseAsync([checkpoint, "--out", out, "--runtime", runtime, ...asked], { from: "user" });

beforeAll(async () => {
  listen();
  shared = await mkdtemp(join(tmpdir(), "glam-adapt-"));
  model = join(shared, "tiny");
  films = join(shared, "films");
  await glamImport(model, "simd");
  await recordInManifest(model, {
    quality: { "films.images": 3 },
    threshold: 0.4,
    minAreaMm2: 12,
    hysteresis: 0.5,
    scoreCalibration: {
      fittedOn: "films",
      benign: { temperature: 2, bias: 0 },
      malignant: { temperature: 2, bias: 0 },
    },
    operatingPoints: { measuredOn: "films", malignant: [{ threshold: 0.4, sensitivity: 0.5, falseMarks: 0.5 }] },
  });
  await mkdir(join(films, "one woman"), { recursive: true });
  for (let i = 0; i < 9; i++) {
    const { height, width, pixels } = generatePhantom({ seed: 80 + i, ...spec.canvas, bits: 8, view: "L-MLO" });
    const film = encode({ height, width, data: pixels, channels: 1, depth: 8 });
    await writeFile(join(films, i < 6 ? `f${i}.png` : `one woman/f${i}.png`), film);
  }
  vi.restoreAllMocks();
}, 60_000);

afterAll(() => rm(shared, { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-adapt-"));
  listen();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const few = `--phantoms 2 --bound 1 --view L-MLO --pixel-spacing ${spec.pixelSpacing} --workers 1`.split(" ");
const adapt = (out: string, ...values: string[]) =>
  adaptCommand().parseAsync(["--model", model, "--images", films, "--out", out, ...few, ...values], { from: "user" });

const contents = async (path: string) =>
  Promise.all((await readdir(path)).sort().map(async (name) => [name, await readFile(join(path, name), "base64")]));

async function mapsOf(bundle: string): Promise<Float32Array[]> {
  const network = await toolRuntime.globalNetwork((await readBundle(bundle)).files.global, spec);
  const [canvas] = phantomCanvases(spec, 1, 9);
  const maps = await network.run(globalInput(canvas));
  await network.release();
  return maps;
}

const farthest = (a: Float32Array[], b: Float32Array[]) =>
  Math.max(...a.map((map, i) => map.reduce((most, value, at) => Math.max(most, Math.abs(value - b[i][at])), 0)));

test("a new bundle with the site's statistics and where it comes from; the original stays", async () => {
  const before = await contents(model);
  const out = join(folder, "ours");
  await adapt(out);
  expect(await contents(model)).toEqual(before);
  expect(said).toContain("9 of 9 images");
  expect(said).toMatch(/wrote .*ours: tiny with batch-norm statistics of 9 images/);
  const [original, made] = [await readBundle(model), await readBundle(out)];
  expect(made.files.local).toEqual(original.files.local);
  expect(made.norms?.length).toBe(original.norms?.length);
  const { name, threshold, hysteresis, minAreaMm2, provenance, scoreCalibration, operatingPoints } = made.manifest;
  expect([name, threshold, hysteresis, minAreaMm2]).toEqual(["ours", 0.4, 0.5, 12]);
  expect([scoreCalibration, operatingPoints, provenance.quality]).toEqual([undefined, undefined, undefined]);
  expect(provenance.adaptedFrom).toMatchObject({
    name: "tiny",
    global: original.manifest.networks.global.file.sha256,
    images: 9,
    phantoms: 2,
  });
  expect(await readFile(join(out, "model.json"), "utf8")).not.toMatch(/f\d\.png|woman|films/);
  expect(farthest(await mapsOf(model), await mapsOf(out))).toBeGreaterThan(0.01);
});

test("the same images give the same bytes, and the same statistics from an adapted model", async () => {
  const [one, two, again] = ["one", "two", "again"].map((name) => join(folder, name));
  await adapt(one, "--name", "ours");
  await adapt(two, "--name", "ours");
  expect(await contents(two)).toEqual(await contents(one));
  await adapt(again, "--model", one);
  expect(farthest(await mapsOf(again), await mapsOf(one))).toBeLessThan(1e-3);
});

test("what cannot be read is left out and counted, by reason and without names", async () => {
  const mixed = join(folder, "mixed");
  await cp(films, mixed, { recursive: true });
  await writeFile(join(mixed, "secret-name.txt"), "no image");
  await adapt(join(folder, "ours"), "--images", mixed);
  expect(said).toMatch(/left out: 1 images, image-unreadable/);
  expect(said).toContain("batch-norm statistics of 9 images");
  expect(said).not.toContain("secret-name");
});

test("what cannot be adapted is refused with what to do, and nothing is written", async () => {
  const out = join(folder, "ours");
  const refused = async (message: RegExp, ...values: string[]) =>
    expect(adapt(out, ...values)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringMatching(message),
    });
  const empty = join(folder, "empty");
  await mkdir(empty);
  await refused(/There are 0 images, and at least 8/, "--images", empty);
  await refused(/cannot be opened/, "--images", join(folder, "nowhere"));
  for (let i = 0; i < 7; i++) await cp(join(films, "f0.png"), join(empty, `f${i}.png`));
  await refused(/There are 7 images/, "--images", empty);
  for (const name of ["a", "b"]) await writeFile(join(empty, name), "no image");
  await refused(/could be read 7 images.*left out: 2 images, image-unreadable/, "--images", empty);

  const bare = join(folder, "bare");
  await cp(fileURLToPath(new URL("../../test/fixtures/models/glam-tiny-simd", import.meta.url)), bare, {
    recursive: true,
  });
  await refused(/no norms\.bin.*Import its checkpoint again/, "--model", bare);
  const slow = join(folder, "slow");
  await glamImport(slow, "ort");
  await refused(/no files for the SIMD engine.*--runtime/, "--model", slow);
  await refused(/Give another one with --name/, "--name", "My Model");
  await expect(readdir(out)).rejects.toMatchObject({ code: "ENOENT" });

  await mkdir(out);
  await refused(/exists already/);
  expect(await readdir(out)).toEqual([]);
});
