/**
 * @module
 * `glam-edge/dicom` as an ES module for every runtime, with each codec in a file of its own that is loaded when a file needs it.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Options of any bundle with the DICOM code. The codecs, compiled by Emscripten, detect Node and then ask for files that do not
 * exist, unless they detect Electron's renderer. They need no files in any runtime.
 */
export const dicomBundling = {
  define: { "process.type": '"renderer"' },
  external: ["fs", "path"],
} satisfies BuildOptions;

/** A file of the build, compressed, too. */
export type BuiltFile = { name: string; bytes: number; gzipped: number };

/**
 * Bundles into `<outdir>/dicom.js` and its chunks, whose names hold a hash; those of an earlier build go.
 * @returns the files, the entry first, and the source files that went into them
 */
export async function bundleDicom(outdir: string): Promise<{ files: BuiltFile[]; inputs: string[] }> {
  for (const name of await readdir(outdir).catch(() => [])) {
    if (/^dicom(?:-.+)?\.js(?:\.map)?$/.test(name)) await rm(join(outdir, name));
  }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { dicom: "src/device/dicom/index.ts" },
    outdir,
    chunkNames: "dicom-[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    metafile: true,
    logLevel: "warning",
    ...dicomBundling,
  });
  const names = Object.keys(metafile.outputs).filter((name) => name.endsWith(".js"));
  names.sort((a, b) => Number(basename(b) === "dicom.js") - Number(basename(a) === "dicom.js"));
  const files = await Promise.all(
    names.map(async (name) => {
      const code = await readFile(join(root, name));
      return { name: basename(name), bytes: code.length, gzipped: gzipSync(code).length };
    }),
  );
  return { files, inputs: Object.keys(metafile.inputs) };
}
