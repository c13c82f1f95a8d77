import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeTile } from "../../src/device/client/encode.ts";
import { bundleClient } from "../../tools/package/bundle-client.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { tinyCanvas } from "../support/tiny-image.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = join(root, "docs/examples/segment.mjs");
let worker: BareWorker;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-example-"));
  // The example imports the package by its name, and so what is built.
  await bundleClient(join(root, "dist"));
  worker = await startBareWorker({ FANOUT: "inline", DEADLINE_MS: "300000" });
});
afterAll(async () => {
  await worker.stop();
  await rm(folder, { recursive: true });
});

/** Runs the example as its first line says. */
const run = async (file: string, url: string) =>
  promisify(execFile)(process.execPath, [example, file, "L-MLO", url], { cwd: root }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );

test("the example that the README leads to is a page of code", async () => {
  expect((await readFile(example, "utf8")).trimEnd().split("\n").length).toBeLessThan(30);
  expect(await readFile(join(root, "README.md"), "utf8")).toContain("(docs/examples/segment.mjs)");
});

test("it runs as it stands: events, scores and contours in the file's pixels", async () => {
  const file = join(folder, "film.png");
  await writeFile(file, encodeTile(tinyCanvas(16, 1), "png").bytes);
  const { code, stdout } = await run(file, worker.url.href);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^0 of \d+ bytes sent\n(\d+) of \1 bytes sent\n\d+ regions will be looked at\nregion \d: complete\n/,
  );
  expect(stdout).toMatch(/scores, uncalibrated: \{\s+benign: 0\.\d+,\s+malignant: 0\.\d+,\s+calibrated: false\s+\}/);
  expect(stdout).toMatch(/malignant: \d+ canvas pixels, at x \d+, y \d+ of the file/);
});

test("what goes wrong has a code: files that cannot be judged or read", async () => {
  const file = join(folder, "black.png");
  const black = { height: 128, width: 96, pixels: new Uint8Array(128 * 96) };
  await writeFile(file, encodeTile(black, "png").bytes);
  expect(await run(file, worker.url.href)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^constant-image: /),
  });
  await writeFile(file, "no image");
  expect(await run(file, worker.url.href)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^image-unreadable: /),
  });
});
