/**
 * @module
 * An empty project with a packed package installed, without the network.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type EmptyProject = {
  folder: string;
  /** Bytes of the tarball. */
  packed: number;
  write(name: string, contents: string | Uint8Array): Promise<void>;
  /** Node of this process with these arguments. @returns what it printed; when it fails, on both streams */
  node(...args: string[]): Promise<string>;
  /** A program of the repository's node_modules, e.g. `tsc`. */
  tool(name: string, ...args: string[]): Promise<string>;
  close(): Promise<void>;
};

/**
 * Packs what lies in a folder and installs the tarball, as a user does it. What it depends on, and nothing else, is linked from
 * the repository's node_modules.
 */
export async function emptyProject(packed: string): Promise<EmptyProject> {
  const folder = await mkdtemp(join(tmpdir(), "glam-project-"));
  const modules = join(folder, "node_modules");
  const npm = (args: string[], cwd: string) => promisify(execFile)("npm", [...args, "--silent"], { cwd });
  const pack = ["pack", "--ignore-scripts", "--pack-destination", folder];
  const tarball = join(folder, (await npm(pack, packed)).stdout.trim().split("\n").at(-1) ?? "");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mine", private: true, type: "module" }));
  const { name, dependencies } = JSON.parse(await readFile(join(packed, "package.json"), "utf8"));
  if (dependencies === undefined) {
    await npm(["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], folder);
  } else {
    await mkdir(join(modules, name), { recursive: true });
    await promisify(execFile)("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, name)]);
    for (const dependency of Object.keys(dependencies)) {
      await mkdir(dirname(join(modules, dependency)), { recursive: true });
      await symlink(join(root, "node_modules", dependency), join(modules, dependency));
    }
  }
  const start = (program: string, args: string[]) =>
    promisify(execFile)(program, args, { cwd: folder, maxBuffer: 2 ** 26 }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}${error.stderr}`);
      },
    );
  return {
    folder,
    packed: (await stat(tarball)).size,
    node: (...args) => start(process.execPath, args),
    tool: (name, ...args) => start(join(root, "node_modules/.bin", name), args),
    write: async (name, contents) => {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), contents);
    },
    close: () => rm(folder, { recursive: true }),
  };
}
