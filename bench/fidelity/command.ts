/**
 * @module
 * `npm run bench -- fidelity`: a checkpoint through `glam import` and the product's pipeline against PyTorch's float32, canvas
 * by canvas.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Spec, specSchema } from "../../src/glam/spec.ts";
import { fidelityCanvases } from "./canvases.ts";
import { broken, compare, type Difference, type WeightFormat, worst } from "./compare.ts";
import { type EnginePipeline, openEngine } from "./engine.ts";
import { importBundle, randomCheckpoint } from "./model.ts";
import { openReference } from "./reference.ts";
import { header, row } from "./table.ts";

/** What the command line gives. */
export type FidelityOptions = {
  /** Name in `specs/`, or a JSON file. */
  spec: string;
  /** Of the random weights and of the first image. */
  seed: number;
  images: number;
  weights: WeightFormat | "both";
  /** The user's own, in place of random weights. */
  checkpoint?: string;
  /** K; the spec's without it. */
  regions?: number;
  json: boolean;
};

/** The worst of all canvases. */
export type FidelityResult = Partial<Record<WeightFormat, Difference & { sameRegions: number; broken: string[] }>>;

/** A range of seeds that trainings, demos, calibration and measurement do not use. */
const firstImageSeed = 44_000_000;

/** The file and its content. */
async function openSpec(nameOrFile: string): Promise<{ spec: Spec; file: string }> {
  const named = fileURLToPath(new URL(`../../specs/${nameOrFile}.json`, import.meta.url));
  const file = nameOrFile.endsWith(".json") ? nameOrFile : named;
  return { spec: specSchema.parse(JSON.parse(await readFile(file, "utf8"))), file };
}

/** Runs everything and prints a row for each canvas and the worst. */
async function measure(options: FidelityOptions, folder: string): Promise<FidelityResult> {
  const { spec, file } = await openSpec(options.spec);
  const { seed, checkpoint: own, images, regions = spec.regions } = options;
  const formats: WeightFormat[] = options.weights === "both" ? ["int8", "f32"] : [options.weights];
  const checkpoint = own ? { int8: own, f32: own } : await randomCheckpoint(spec, file, seed, folder);
  const engines = new Map<WeightFormat, EnginePipeline>();
  for (const format of formats) {
    const engine = await openEngine(await importBundle(file, checkpoint[format], format, folder));
    const { global, local } = engine.bundle.files;
    const megabytes = ({ length }: Uint8Array) => `${(length / 1e6).toFixed(1)} MB`;
    console.log(`${format}: global ${megabytes(global)}, local ${megabytes(local)}`);
    engines.set(format, engine);
  }
  const reference = await openReference(spec, file, checkpoint.f32, folder);
  const found = new Map(formats.map((format) => [format, [] as Difference[]]));
  console.log(header());
  try {
    for (const { name, canvas } of fidelityCanvases(spec, images, firstImageSeed + seed * 1000)) {
      const expected = reference.run(canvas, regions);
      // The failure is seen where it is awaited, after the engine has run.
      expected.catch(() => undefined);
      for (const [format, engine] of engines) {
        const answer = await engine.run(canvas, regions);
        const difference = await compare(await expected, answer, (corner) => engine.localMap(canvas, corner));
        found.get(format)?.push(difference);
        console.log(row(format, name, difference, await expected));
      }
    }
  } finally {
    await reference.close();
    for (const engine of engines.values()) await engine.release();
  }
  const cell = Math.ceil(spec.canvas.height / spec.saliency.height);
  const result: FidelityResult = {};
  for (const [format, differences] of found) {
    const most = worst(differences);
    const sameRegions = differences.filter(({ regionPixels }) => regionPixels === 0).length;
    result[format] = { ...most, sameRegions, broken: broken(most, format, cell) };
    console.log(row(format, "the worst", most));
    console.log(`${format}: the same regions in ${sameRegions} of ${differences.length}`);
  }
  return result;
}

/** @returns the worst differences; the caller handles an exceeded tolerance */
export async function benchFidelity(options: FidelityOptions): Promise<FidelityResult> {
  const folder = await mkdtemp(join(tmpdir(), "glam-fidelity-"));
  try {
    const result = await measure(options, folder);
    for (const [format, { broken: names }] of Object.entries(result)) {
      console.log(names.length === 0 ? `${format}: within the tolerances` : `${format}: TOO FAR: ${names.join(", ")}`);
    }
    if (options.json) {
      const { spec, seed, images } = options;
      console.log(JSON.stringify({ spec, seed, images, ...result }));
    }
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
