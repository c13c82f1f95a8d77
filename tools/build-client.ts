/**
 * @module
 * `npm run build:client`: `glam-edge/client` as one ES module without imports, for every runtime, and its types.
 */
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a build made: bytes of the file, also compressed, and the source files that went into it. */
export type ClientBuild = { file: string; bytes: number; gzipped: number; inputs: string[] };

/**
 * Text in PNG files is neither read nor written, but these modules make a decoder of Latin-1 when they are loaded, which React
 * Native does not have.
 */
const withoutText: Plugin = {
  name: "without-text",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/fast-png\/lib\/helpers\/text\.js$/ }, () => ({
      contents: `const none = () => { throw new Error("PNG text is not read."); };
        export const textChunkName = "tEXt";
        export { none as decodetEXt, none as encodetEXt, none as readKeyword, none as readLatin1 };`,
    }));
    onLoad({ filter: /node_modules\/iobuffer\/lib\/text\.js$/ }, () => ({
      contents: `const none = () => { throw new Error("Text is not read."); };
        export { none as decode, none as encode };`,
    }));
  },
};

/** Bundles the client into `<outdir>/client.js`. */
export async function bundleClient(outdir: string): Promise<ClientBuild> {
  const file = join(outdir, "client.js");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/device/client/index.ts"],
    outfile: file,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
    mainFields: ["module", "main"],
    plugins: [withoutText],
  });
  const code = await readFile(file);
  return { file, bytes: code.length, gzipped: gzipSync(code).length, inputs: Object.keys(metafile.inputs) };
}

/** Writes the declarations of a part of `src/`, and of all that its types need, into `<outdir>/types`. */
export async function declareTypes(project: string, outdir: string): Promise<void> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rewriteRelativeImportExtensions"];
  const args = ["--project", join(root, project), "--outDir", join(outdir, "types")];
  await promisify(execFile)(process.execPath, [tsc, ...args, ...flags], { cwd: root });
}

/** Writes the declarations of the client into `<outdir>/types`, which is emptied. */
export async function declareClient(outdir: string): Promise<void> {
  await rm(join(outdir, "types"), { recursive: true, force: true });
  await declareTypes("src/device/client/tsconfig.json", outdir);
}

if (import.meta.main) {
  const outdir = join(root, "dist");
  const { bytes, gzipped } = await bundleClient(outdir);
  await declareClient(outdir);
  console.log(`dist/client.js: ${bytes} bytes, ${gzipped} gzipped`);
}
