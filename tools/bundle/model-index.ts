/**
 * @module
 * `index.json` of a folder of bundles: the names that the Worker serves, the default one first.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
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
