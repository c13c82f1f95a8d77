import { execFile } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type EmptyProject, emptyProject } from "../support/empty-project.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let project: EmptyProject;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, "tools/package/build-cli.ts")], { cwd: root });
  project = await emptyProject(join(root, "dist/cli"));
});
afterAll(() => project.close());

/** The program that the package's `bin` names. */
async function glam(...args: string[]): Promise<string> {
  const folder = join(project.folder, "node_modules/glam-edge-cli");
  const { bin } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return project.node(join(folder, bin.glam), ...args);
}

test("it holds no TypeScript, no test, and the models of the index alone", async () => {
  const folder = join(project.folder, "node_modules/glam-edge-cli");
  const names = await readdir(folder, { recursive: true });
  expect(names.filter((name) => /\.tsx?$|\.test\./.test(name))).toEqual([]);
  const index = JSON.parse(await readFile(join(root, "models/index.json"), "utf8"));
  expect((await readdir(join(folder, "models"))).sort()).toEqual([...index, "index.json"].sort());
});

test("says its commands, draws the phantom of the seed, and makes a set of them on threads", async () => {
  const help = await glam("--help");
  for (const command of ["segment", "phantom", "import", "bundle", "evaluate", "films", "batch", "serve"])
    expect(help).toContain(command);
  const size = ["--height", "128", "--width", "96"];
  await glam("phantom", "--seed", "5", "--view", "L-MLO", ...size, "--out", "small.png");
  const phantom = generatePhantom({ seed: 5, height: 128, width: 96, bits: 8, view: "L-MLO" });
  const { data } = decode(await readFile(join(project.folder, "small.png")));
  expect(Array.from(data)).toEqual(Array.from(phantom.pixels));
  await glam("phantom", "dataset", "--count", "4", "--seed", "1", ...size, "--workers", "2", "--out", "set");
  expect(await readFile(join(project.folder, "set/images.u8"))).toHaveLength(4 * 128 * 96);
});

test("imports a checkpoint, with a spec and kernels of its own", async () => {
  await cp(join(root, "test/fixtures/pytorch/tiny-zip.pt"), join(project.folder, "tiny.pt"));
  const few = ["--runtime", "simd", "--measure-phantoms", "1"];
  const printed = await glam("import", "tiny.pt", "--spec", "glam-tiny", "--out", "mine", ...few);
  expect(printed).toContain("wrote mine");
});

test("segments an archive on threads", async () => {
  await project.write("archive/manifest.csv", "file,view,patient\nsmall.png,L-MLO,ann\n");
  await cp(join(project.folder, "small.png"), join(project.folder, "archive/small.png"));
  const printed = await glam("batch", "archive", "--model", "mine", "--workers", "2", "--overlays", "--out", "judged");
  expect(printed).toContain("1 views of 1 exams judged");
});

test("serves: everything that the command needs is there, and it says that the service is not", async () => {
  await expect(glam("serve", "--url", "http://127.0.0.1:9")).rejects.toThrow("error: connection-lost");
});

test("segments: starts the Worker of the package, with the bundle just made", async () => {
  const bundle = ["--model", "mine", "--view", "L-MLO", "--preprocessed", "--json"];
  const answer = JSON.parse(await glam("segment", "small.png", ...bundle));
  expect(answer).toMatchObject({ status: "complete", model: { name: "mine" }, input: { file: "small.png" } });
  expect(answer.regions).toHaveLength(2);
});
