/**
 * @module
 * `index.json` of a folder of bundles: the names that the Worker serves, the default one first.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/**
 * Adds a bundle to the index of the folder it lies in, at the end, if that folder has one.
 * @returns whether the bundle is served from there
 */
export async function addToIndex(bundle: string): Promise<boolean> {
  const path = join(dirname(resolve(bundle)), "index.json");
  if (!existsSync(path)) return false;
  const names = z.array(z.string()).parse(JSON.parse(await readFile(path, "utf8")));
  const name = basename(resolve(bundle));
  if (!names.includes(name)) await writeFile(path, `${JSON.stringify([...names, name])}\n`);
  return true;
}

const models = fileURLToPath(new URL("../../models", import.meta.url));

/** Folder of the model that is used where none is named: the first of this package's own. */
export async function defaultModel(): Promise<string> {
  const [name] = z.array(z.string()).parse(JSON.parse(await readFile(join(models, "index.json"), "utf8")));
  return join(models, name);
}
