/**
 * @module
 * A bundle of any spec with seeded random weights, made by `glam import` from a checkpoint in PyTorch's format: it stands
 * for the released networks, whose weights are not in the repository.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Spec } from "../../src/glam/spec.ts";
import { randomCheckpoint } from "../../tools/checkpoint/random-checkpoint.ts";
import { importCommand } from "../../tools/commands/import.ts";
import { saveCheckpoint } from "./pickles.ts";

/** A bundle's folder, named as its spec, and how to delete it. */
export type RandomBundle = { folder: string; remove(): Promise<void> };

/** @param options of `glam import` */
export async function randomBundle(spec: Spec, ...options: string[]): Promise<RandomBundle> {
  const parent = await mkdtemp(join(tmpdir(), "glam-random-"));
  const checkpoint = join(parent, "checkpoint.pt");
  const specFile = join(parent, "spec.json");
  const folder = join(parent, spec.name);
  await writeFile(checkpoint, saveCheckpoint(randomCheckpoint(spec, 1)));
  await writeFile(specFile, JSON.stringify(spec));
  const values = [checkpoint, "--spec", specFile, "--out", folder, "--measure-phantoms", "0", ...options];
  await importCommand().parseAsync(values, { from: "user" });
  await rm(checkpoint);
  return { folder, remove: () => rm(parent, { recursive: true }) };
}
