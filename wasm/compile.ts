/**
 * @module
 * The AssemblyScript compiler as a function: sources in, a module out.
 */

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

// AssemblyScript's types redefine arrays for the whole program, so TypeScript must not find them.
const compiler = "assemblyscript/asc";

/**
 * @param entry path of the first source
 * @param readSource sources by path, null where there is none
 * @param features flags that enable WebAssembly features
 * @throws Error with the compiler's output
 */
export async function compileAssembly(
  entry: string,
  readSource: (path: string) => Promise<string | null>,
  features: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc }: { default: Compiler } = await import(compiler);
  // -O3 makes the unrolled kernels slower. Constant addresses inside the declared initial memory need no bounds checks.
  // Static data lies behind the kernels' scratch, which begins at 1024 (assembly/scratch.ts).
  const memory = ["--importMemory", "--initialMemory", "2", "--memoryBase", "57344"];
  const flags = ["-O2", "--runtime", "stub", "--noAssert", ...memory];
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([entry, "--outFile", "out.wasm", ...flags, ...features], {
    readFile: readSource,
    writeFile: (_, contents) => {
      if (typeof contents !== "string") binary = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`asc could not compile ${entry}:\n${stderr}`, { cause: error });
  return binary;
}
