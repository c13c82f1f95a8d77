/**
 * @module
 * A bundle of any spec with seeded random weights, made by `glam import` from a checkpoint in PyTorch's format: what stands
 * for the released networks, whose weights are not here.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomCheckpoint } from "../../tools/checkpoint/random-checkpoint.ts";
import { importCommand } from "../../tools/commands/import.ts";
import { saveCheckpoint } from "./pickles.ts";
import { readSpec } from "./specs.ts";

/** A bundle's folder, named as its spec, and how to delete it. */
export type RandomBundle = { folder: string; remove(): Promise<void> };

/**
 * @param spec name of a file in `specs/`
 * @param options of `glam import`
 */
export async function randomBundle(spec: string, ...options: string[]): Promise<RandomBundle> {
  const parent = await mkdtemp(join(tmpdir(), "glam-random-"));
  const checkpoint = join(parent, "checkpoint.pt");
  const folder = join(parent, spec);
  await writeFile(checkpoint, saveCheckpoint(randomCheckpoint(readSpec(spec), 1)));
  const values = [checkpoint, "--spec", spec, "--out", folder, "--measure-phantoms", "0", ...options];
  await importCommand().parseAsync(values, { from: "user" });
  await rm(checkpoint);
  return { folder, remove: () => rm(parent, { recursive: true }) };
}
