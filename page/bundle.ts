/**
 * @module
 * The page's files, built by esbuild: names carry a hash of their contents, so that browsers may cache them without limit.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Entry points by the name that `index.html` has for them. */
const entries = {
  app: join(folder, "app/main.tsx"),
  worker: join(folder, "worker/main.ts"),
  style: join(folder, "styles/index.css"),
  icon: join(folder, "icon.svg"),
};

/** File name -> contents; `index.html` is the document. */
export type PageFiles = Map<string, Uint8Array>;

/**
 * Builds the page.
 * @returns its files, and which of them a browser loads first (`first`)
 */
export async function bundlePage(): Promise<{ files: PageFiles; first: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir: folder,
    absWorkingDir: folder,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    // Codecs ask for them in Node only; a browser never gets there.
    external: ["fs", "path"],
    loader: { ".svg": "copy", ".png": "file" },
    assetNames: "[name]-[hash]",
    publicPath: "/page/",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const files: PageFiles = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  // Files that are loaded on demand are entry points of their own for esbuild, but named as chunks.
  const names = Object.fromEntries(
    Object.keys(metafile.outputs)
      .map((path) => [basename(path).replace(/-[A-Z0-9]{8}\..*$/, ""), basename(path)])
      .filter(([name]) => Object.hasOwn(entries, name)),
  );
  const template = await readFile(join(folder, "index.html"), "utf8");
  const document = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (names[name] === undefined) throw new Error(`page/index.html names {{${name}}}, which is not built.`);
    return `/page/${names[name]}`;
  });
  files.set("index.html", new TextEncoder().encode(document));
  return { files, first: ["index.html", ...staticImports(metafile.outputs, Object.values(names))] };
}

type Outputs = Record<string, { imports: { path: string; kind: string }[] }>;

/** These outputs and all that they import at once. */
function staticImports(outputs: Outputs, start: string[]): string[] {
  const found = new Set<string>();
  const waiting = [...start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === "import-statement") waiting.push(path);
  }
  return [...found];
}
