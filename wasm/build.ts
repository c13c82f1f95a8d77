/**
 * @module
 * `npm run build:wasm`: compiles wasm/assembly twice, with relaxed SIMD and without, into wasm/dist.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unrolledSource } from "./gemm-source.ts";

/** What is used of the compiler. */
type Compiler = {
  main(
    args: string[],
    host: {
      readFile(path: string): Promise<string | null>;
      writeFile(path: string, contents: Uint8Array | string): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
};

// Its own types redefine arrays for the whole program, so TypeScript must not find them.
const compiler = "assemblyscript/asc";
const { default: asc }: { default: Compiler } = await import(compiler);

const root = dirname(fileURLToPath(import.meta.url));

/** File name and compiler features of each module. */
const variants = [
  { name: "engine-relaxed.wasm", features: ["--enable", "simd", "--enable", "relaxed-simd"] },
  { name: "engine-plain.wasm", features: ["--enable", "simd"] },
];

/** Sources by path inside `assembly/`; the unrolled kernels exist only here. */
async function readSource(path: string): Promise<string | null> {
  if (path === "unrolled.ts") return unrolledSource();
  return readFile(join(root, "assembly", path), "utf8").catch(() => null);
}

async function compile(name: string, features: string[]): Promise<void> {
  // -O3 makes the unrolled kernels slower. The declared initial memory is what frees constant addresses from checks.
  const flags = ["-O2", "--runtime", "stub", "--noAssert", "--importMemory", "--initialMemory", "2"];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["index.ts", "--outFile", name, ...flags, ...features], {
    readFile: readSource,
    writeFile: (_, contents) => {
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`asc could not compile ${name}:\n${stderr}`, { cause: error });
  await mkdir(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist", name), binary);
  console.log(`wasm/dist/${name}: ${binary.length} bytes`);
}

for (const { name, features } of variants) await compile(name, features);
