/**
 * @module
 * `npm run build:wasm`: compiles wasm/assembly twice, with relaxed SIMD and without, into wasm/dist.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAssembly } from "./compile.ts";
import { unrolledInt16Source } from "./gemm-int16-source.ts";
import { unrolledSource } from "./gemm-source.ts";

const root = dirname(fileURLToPath(import.meta.url));

/** File name and compiler features of each module. */
const variants = [
  { name: "engine-relaxed.wasm", features: ["--enable", "simd", "--enable", "relaxed-simd"] },
  { name: "engine-plain.wasm", features: ["--enable", "simd"] },
];

/** Sources by path inside `assembly/`; the unrolled kernels exist only here. */
async function readSource(path: string): Promise<string | null> {
  if (path === "unrolled.ts") return unrolledSource();
  if (path === "unrolled-int16.ts") return unrolledInt16Source();
  return readFile(join(root, "assembly", path), "utf8").catch(() => null);
}

await mkdir(join(root, "dist"), { recursive: true });
for (const { name, features } of variants) {
  const binary = await compileAssembly("index.ts", readSource, features);
  await writeFile(join(root, "dist", name), binary);
  console.log(`wasm/dist/${name}: ${binary.length} bytes`);
}
