/**
 * @module
 * Statistics of training images into the manifest of a bundle.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestSchema } from "../../src/contract/manifest.ts";
import type { TrainingLooks } from "../../src/glam/looks/unlike-training.ts";

/** Writes `looks` into `model.json` of a bundle that can be read; other fields do not change. */
export async function recordLooks(folder: string, looks: TrainingLooks): Promise<void> {
  const path = join(folder, "model.json");
  const changed = { ...JSON.parse(await readFile(path, "utf8")), looks };
  manifestSchema.parse(changed);
  await writeFile(path, `${JSON.stringify(changed, null, 2)}\n`);
}
