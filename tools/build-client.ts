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
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a build made: bytes of the file, also compressed, and the source files that went into it. */
export type ClientBuild = { file: string; bytes: number; gzipped: number; inputs: string[] };

/** Bundles the client into `<outdir>/client.js`. */
export async function bundleClient(outdir: string): Promise<ClientBuild> {
  const file = join(outdir, "client.js");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/client/index.ts"],
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
  });
  const code = await readFile(file);
  return { file, bytes: code.length, gzipped: gzipSync(code).length, inputs: Object.keys(metafile.inputs) };
}

/** Writes the declarations of the client, and of all that its types need, into `<outdir>/types`. */
export async function declareClient(outdir: string): Promise<void> {
  const types = join(outdir, "types");
  await rm(types, { recursive: true, force: true });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rewriteRelativeImportExtensions"];
  const project = ["--project", join(root, "src/client/tsconfig.json"), "--outDir", types];
  await promisify(execFile)(process.execPath, [tsc, ...project, ...flags], { cwd: root });
}

if (import.meta.main) {
  const outdir = join(root, "dist");
  const { bytes, gzipped } = await bundleClient(outdir);
  await declareClient(outdir);
  console.log(`dist/client.js: ${bytes} bytes, ${gzipped} gzipped`);
}
