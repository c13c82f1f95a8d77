/**
 * @module
 * The licences of what is bundled, as these licences require.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param inputs source files of a bundle, relative to the repository
 * @returns name, version, licence and its text of every package among them
 */
export async function notices(inputs: readonly string[]): Promise<string> {
  const names = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.slice(1) ?? []);
  const parts = await Promise.all([...new Set(names)].sort().map(notice));
  return ["Packages that are bundled, and their licences.", ...parts].join(`\n\n${"-".repeat(80)}\n\n`);
}

async function notice(name: string): Promise<string> {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}
