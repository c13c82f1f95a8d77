/**
 * @module
 * `npm run build:cli`: the package `glam-edge-cli` into dist/cli: the command, the Worker that it starts, the page, the models of
 * models/index.json, as JavaScript. `npm pack ./dist/cli` packs it.
 */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileTree } from "./compile-tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const outdir = join(root, "dist/cli");

/** Entry points, and modules that only wrangler's configuration names. */
const entries = [
  "tools/glam.ts",
  "page/build.ts",
  "src/worker.ts",
  "src/edge/inference/isolate-runtime.ts",
  "src/edge/inference/isolate-runtime-simd.ts",
];

/** Folders and files whose names the code composes. */
const data = [
  ...["specs", "wasm/dist", "page/styles", "models/index.json", "samples"],
  ...["LICENSE", "SECURITY.md", "CHANGELOG.md"],
];

const json = async (path: string) => JSON.parse(await readFile(join(root, path), "utf8"));

await rm(outdir, { recursive: true, force: true });
const packages = await compileTree(root, entries, outdir);
const models: string[] = await json("models/index.json");
for (const path of [...data, ...models.map((name) => `models/${name}`)]) {
  await cp(join(root, path), join(outdir, path), { recursive: true });
}
for (const name of ["wrangler.toml", "wrangler.simd.toml"]) {
  const text = await readFile(join(root, name), "utf8");
  await writeFile(join(outdir, name), text.replaceAll(/("(?:\.\/)?src\/[^"]+)\.ts"/g, '$1.js"'));
}
const [template, workshop] = await Promise.all([json("packages/cli/package.json"), json("package.json")]);
const versions: [string, string][] = [...packages].sort().flatMap((name) => {
  if (name === "cloudflare") return [];
  const version: string | undefined = workshop.devDependencies[name];
  if (version === undefined) throw new Error(`${name} is imported and not in package.json.`);
  return [[name, version]];
});
const manifest = {
  ...template,
  bin: { glam: "./tools/glam.js" },
  imports: { "#isolate-runtime": "./src/edge/inference/isolate-runtime.js" },
  scripts: { "build:page": "node page/build.js" },
  dependencies: Object.fromEntries(versions),
};
await writeFile(join(outdir, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await cp(join(root, "packages/cli/README.md"), join(outdir, "README.md"));
console.log(`dist/cli: ${versions.length} dependencies: ${versions.map(([name]) => name).join(", ")}`);
