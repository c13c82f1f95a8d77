import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addToIndex } from "./model-index.ts";

test("a bundle is added once, at the end, and only where there is an index", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glam-index-"));
  expect(await addToIndex(join(folder, "mine"))).toBe(false);
  await writeFile(join(folder, "index.json"), '["first"]');
  expect(await addToIndex(join(folder, "mine"))).toBe(true);
  expect(await addToIndex(`${join(folder, "mine")}/`)).toBe(true);
  expect(JSON.parse(await readFile(join(folder, "index.json"), "utf8"))).toEqual(["first", "mine"]);
});
