/**
 * @module
 * Modules as JavaScript in the tree that they have as TypeScript, with all that they name by a relative path: imports, threads,
 * entry points of the page, pictures, kernels. Node runs no TypeScript below `node_modules`.
 */
import { statSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { transform } from "esbuild";

/** A text in the code that may be a path: it ends as a file's name does. */
const PATH = /"((?:\.{0,2}\/)?[\w./-]+\.[a-z]+)"/g;

/** Where a module names a package. */
const PACKAGE = /(?:\bfrom |\bimport(?: |\())"((?:@[^/"]+\/)?[^./"#:][^/":]*)[^":]*"/g;

/** What is TypeScript and runs. */
const isModule = (path: string): boolean => /(?<!\.d)\.tsx?$/.test(path);

const compiledName = (path: string): string => (isModule(path) ? path.replace(/\.tsx?$/, ".js") : path);

/**
 * @param root where the tree is
 * @param entries paths in it
 * @param outdir gets the same tree
 * @returns names of the packages that the modules import
 */
export async function compileTree(root: string, entries: readonly string[], outdir: string): Promise<Set<string>> {
  const packages = new Set<string>();
  const done = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const target = join(outdir, compiledName(path));
    await mkdir(dirname(target), { recursive: true });
    if (!isModule(path)) {
      await copyFile(join(root, path), target);
      continue;
    }
    const folder = dirname(path);
    const code = await compile(await readFile(join(root, path), "utf8"), path);
    for (const [, name] of code.matchAll(PACKAGE)) packages.add(name);
    const compiled = code.replace(PATH, (text, named: string) => {
      const neighbour = normalize(join(folder, named));
      if (!statSync(join(root, neighbour), { throwIfNoEntry: false })?.isFile()) return text;
      waiting.push(neighbour);
      return `"${compiledName(named)}"`;
    });
    await writeFile(target, compiled);
    if (compiled.startsWith("#!")) await chmod(target, 0o755);
  }
  return packages;
}

async function compile(source: string, path: string): Promise<string> {
  const { code } = await transform(source, {
    loader: path.endsWith("x") ? "tsx" : "ts",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code;
}
