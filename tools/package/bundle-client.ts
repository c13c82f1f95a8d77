/**
 * @module
 * `glam-edge/client` as one ES module without imports, for every runtime.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

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
    metafile: true,
    logLevel: "warning",
    mainFields: ["module", "main"],
    plugins: [withoutText],
  });
  const code = await readFile(file);
  return { file, bytes: code.length, gzipped: gzipSync(code).length, inputs: Object.keys(metafile.inputs) };
}
