/**
 * @module
 * The folder that a Worker gets as static assets: the page in `page/`, model bundles in `models/`.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { modelIndexSchema } from "../src/contract/manifest.ts";
import { bundlePage } from "./bundle.ts";

/**
 * Fills a folder with the page and with copies of the bundles that the index lists, and of no others. Several processes
 * may do this to one folder at once: files are replaced whole, and unneeded ones are removed last.
 * @param models a folder of bundles with its `index.json`
 * @throws Error when the index is not a list of names, or lists a missing bundle
 */
export async function writeAssets(target: string, models: string): Promise<void> {
  const { files } = await bundlePage();
  const wanted = new Map([...files].map(([name, contents]) => [join("page", name), contents]));
  const index = await readFile(join(models, "index.json"));
  wanted.set(join("models", "index.json"), index);
  for (const name of modelIndexSchema.parse(JSON.parse(index.toString("utf8")))) {
    const bundle = join(models, name);
    for (const path of await filesBelow(bundle)) {
      wanted.set(join("models", name, path), await readFile(join(bundle, path)));
    }
  }
  for (const [path, contents] of wanted) await replace(join(target, path), contents);
  for (const path of await filesBelow(target)) if (!wanted.has(path)) await rm(join(target, path), { force: true });
}

/** Adds the page to a folder that holds `models/` already. */
export async function addPage(target: string): Promise<void> {
  for (const [name, contents] of (await bundlePage()).files) await replace(join(target, "page", name), contents);
}

/** Relative paths of all files. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Writes a file beside its place and moves it there, unless it is there already. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present !== undefined && Buffer.compare(present, contents) === 0) return;
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, contents);
  await rename(beside, path);
}
