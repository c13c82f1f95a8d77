/**
 * @module
 * The checkpoint under test, random or the user's, and its bundles, made by `glam import` in a process of its own.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Spec } from "../../src/glam/spec.ts";
import { fidelityCanvases } from "./canvases.ts";
import type { WeightFormat } from "./compare.ts";
import { runScript } from "./python.ts";
import { writeCanvas } from "./reference.ts";

const glam = fileURLToPath(new URL("../../tools/glam.ts", import.meta.url));

/** A checkpoint file for each importer run, so that both formats of `torch.save` are read. */
export type CheckpointFiles = Record<WeightFormat, string>;

/** A range of seeds that the compared images do not use. */
const settlingSeed = 43_000_000;

/** One of each kind of image settles the statistics. */
const settlingImages = 3;

/** @returns checkpoints of the same seeded random weights, in `folder` */
export async function randomCheckpoint(
  spec: Spec,
  specFile: string,
  seed: number,
  folder: string,
): Promise<CheckpointFiles> {
  const images: string[] = [];
  for (const { canvas } of fidelityCanvases(spec, settlingImages, settlingSeed + seed * settlingImages)) {
    images.push(await writeCanvas(folder, `settle-${images.length}`, canvas));
  }
  await runScript("random_checkpoint.py", ["--spec", specFile, "--seed", String(seed), "--out", folder, ...images]);
  return { int8: join(folder, "legacy.pt"), f32: join(folder, "zip.pt") };
}

/** `glam import`, for the engine. @returns the bundle's folder */
export async function importBundle(
  specFile: string,
  checkpoint: string,
  weights: WeightFormat,
  folder: string,
): Promise<string> {
  const out = join(folder, weights);
  const options = { spec: specFile, weights, out, runtime: "simd", name: "fidelity", "measure-phantoms": "0" };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  await promisify(execFile)(process.execPath, [glam, "import", checkpoint, ...args]);
  return out;
}
