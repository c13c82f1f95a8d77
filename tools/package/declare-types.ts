/**
 * @module
 * The declarations of an entry of `src/` and of all that its types need, in files that import nothing but each other.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { plainDeclaration } from "./plain-declaration.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where a declaration names another module; lines of comments, which begin with a star, do not count. */
const SPECIFIER = /(?<!^\s*\*.*)(\bfrom |\bimport\(|^import )"([^"]+)"/gm;

/**
 * @param room folder of `src/` with a `tsconfig.json`, whose `index.ts` is the entry, e.g. `device/client`
 * @param outdir gets `<room>/index.d.ts` and what it needs
 * @throws Error when a type needs a package
 */
export async function declareTypes(room: string, outdir: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "glam-types-"));
  try {
    await emit(join(root, "src", room, "tsconfig.json"), folder);
    const found = new Map<string, string>();
    const waiting = [`${room}/index`];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (found.has(name)) continue;
      const text = await declarationOf(name, folder);
      found.set(name, text);
      waiting.push(...neighbours(name, text));
    }
    for (const [name, text] of found) {
      const file = join(outdir, `${name}.d.ts`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What tsc writes, for all that the entry imports. */
async function emit(project: string, outdir: string): Promise<void> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rewriteRelativeImportExtensions"];
  await promisify(execFile)(process.execPath, [tsc, "--project", project, "--outDir", outdir, ...flags], { cwd: root });
}

/** Without zod, with the imports that are still used, and these as Node spells them. */
async function declarationOf(name: string, folder: string): Promise<string> {
  const text = await readFile(join(folder, `${name}.d.ts`), "utf8");
  const exports = text.includes('from "zod"') ? await import(pathToFileURL(join(root, "src", `${name}.ts`)).href) : {};
  return plainDeclaration(text, exports).replace(SPECIFIER, (_, before: string, path: string) => {
    if (!path.startsWith(".")) throw new Error(`The types of src/${name}.ts need the package ${path}.`);
    return `${before}"${path.replace(/\.ts$/, ".js")}"`;
  });
}

/** Names of the modules that a declaration imports. */
const neighbours = (name: string, text: string): string[] =>
  [...text.matchAll(SPECIFIER)].map(([, , path]) => normalize(join(dirname(name), path.replace(/\.js$/, ""))));
