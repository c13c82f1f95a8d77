import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAssets } from "./assets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-models-"));
  for (const name of ["shown", "draft"]) {
    await mkdir(join(folder, "models", name), { recursive: true });
    await writeFile(join(folder, "models", name, "model.json"), name);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (index: string) => {
  await writeFile(join(folder, "models/index.json"), index);
  await writeAssets(join(folder, "assets"), join(folder, "models"));
  const entries = await readdir(join(folder, "assets/models"), { recursive: true });
  return entries.filter((entry) => entry.endsWith(".json")).sort();
};

test("a bundle is deployed as long as the index lists it", async () => {
  expect(await write('["draft", "shown"]')).toEqual(["draft/model.json", "index.json", "shown/model.json"]);
  expect(await write('["shown"]')).toEqual(["index.json", "shown/model.json"]);
});

test.each(['["missing"]', '["../shown"]', "{}"])("an index that cannot be served is told: %s", async (index) => {
  await expect(write(index)).rejects.toThrow();
});
