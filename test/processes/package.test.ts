import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { halfEllipse } from "../../src/device/preprocess/fixture.ts";
import { jpegLs } from "../support/dicom-compress.ts";
import { dicomFile, uids } from "../support/dicom-file.ts";
import { mammogramElements } from "../support/dicom-mammogram.ts";
import { type EmptyProject, emptyProject } from "../support/empty-project.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const image = halfEllipse(40, 48, { bits: 12 });
let project: EmptyProject;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, "tools/package/build.ts")], { cwd: root });
  project = await emptyProject(root);
  await project.write(
    "film.dcm",
    dicomFile(mammogramElements(image, { view: "L-CC" }), uids.jpegLs, [await jpegLs(image)]),
  );
});
afterAll(() => project.close());

/** Reads a file whose codec is in a chunk of its own, and encodes what the service would get. */
const program = `
  import { GlamError, segment, views } from "glam-edge/client";
  import { readDicom } from "glam-edge/dicom";
  export async function judge(bytes) {
    const { image, view } = await readDicom(bytes);
    const failed = await segment(image, { url: "", view, model: "none", retries: 0, fetch: () => Promise.reject() }).then(
      () => "nothing", (error) => error.code);
    return JSON.stringify({ view, views: views.length, failed, sum: image.pixels.reduce((sum, pixel) => sum + pixel, 0) });
  }`;
const sum = Array.from(image.pixels).reduce((total, pixel) => total + pixel, 0);
const expected = JSON.stringify({ view: "L-CC", views: 4, failed: "connection-lost", sum });
const calls = (module: string) =>
  `import { readFile } from "node:fs/promises"; import { judge } from "${module}"; console.log(await judge(new Uint8Array(await readFile("film.dcm"))));`;

test("it is small, holds what is built and nothing of the server, and brings no other package", async () => {
  expect(project.packed).toBeLessThan(400_000);
  expect(await readdir(join(project.folder, "node_modules"))).toEqual([".package-lock.json", "glam-edge"]);
  const names = await readdir(join(project.folder, "node_modules/glam-edge"), { recursive: true });
  const foreign = names.filter((name) => !/^(?:dist(?:\/|$)|package\.json$|[A-Z]+\.(?:md|cff)$|LICENSE$)/.test(name));
  expect(foreign).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(["LICENSE", "CHANGELOG.md", "SECURITY.md", "CITATION.cff"]));
  expect(names.filter((name) => /\.(?:map|ts)$/.test(name) && !name.endsWith(".d.ts"))).toEqual([]);
  const types = names.filter((name) => name.endsWith(".d.ts"));
  for (const name of types) {
    const text = await readFile(join(project.folder, "node_modules/glam-edge", name), "utf8");
    for (const [, path] of text.matchAll(/^(?!\s*\*).*(?:from |import\()"([^"]+)"/gm))
      expect(path, name).toMatch(/^\.\.?\/.*\.js$/);
  }
});

test("licences of all that is bundled come with it", async () => {
  const text = await readFile(join(project.folder, "node_modules/glam-edge/dist/NOTICES.txt"), "utf8");
  for (const name of ["jpeg-js", "fast-png", "dicom-parser", "@cornerstonejs/codec-charls", "fflate"]) {
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.`, "m"));
  }
});

test("plain Node", async () => {
  await project.write("judge.js", program);
  await project.write("plain.js", calls("./judge.js"));
  expect((await project.node("plain.js")).trim()).toBe(expected);
});

test.each([
  ["bundler", "esnext"],
  ["nodenext", "nodenext"],
])("TypeScript with %s, strict, libraries checked", async (moduleResolution, module) => {
  await project.write("types.ts", await readFile(join(root, "test/support/client-types.txt"), "utf8"));
  const options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", ""];
  const flags = ["--exactOptionalPropertyTypes", "--moduleResolution", moduleResolution, "--module", module];
  expect(await project.tool("tsc", ...options, ...flags, "types.ts")).toBe("");
});

test("esbuild", async () => {
  await project.write("judge.js", program);
  const flags = ["--bundle", "--format=esm", "--splitting", "--outdir=by-esbuild", "--log-level=warning"];
  expect(await project.tool("esbuild", "judge.js", ...flags)).toBe("");
  await project.write("by-esbuild.js", calls("./by-esbuild/judge.js"));
  expect((await project.node("by-esbuild.js")).trim()).toBe(expected);
});

test("vite", async () => {
  await project.write("judge.js", program);
  const lib = `{ entry: "judge.js", formats: ["es"], fileName: "judge" }`;
  await project.write(
    "vite.config.js",
    `export default { logLevel: "warn", build: { outDir: "by-vite", lib: ${lib} } };`,
  );
  expect(await project.tool("vite", "build")).not.toMatch(/error/i);
  await project.write("by-vite.js", calls("./by-vite/judge.js"));
  expect((await project.node("by-vite.js")).trim()).toBe(expected);
});
