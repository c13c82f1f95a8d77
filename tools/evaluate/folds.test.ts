import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBundle } from "../bundle/bundle.ts";
import type { FilmLabel } from "./film-labels.ts";
import { readFolds } from "./folds.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-folds-"));
});
afterAll(() => rm(folder, { recursive: true }));

const rows = ["a", "a", "b", "c"].map(
  (patient, i): FilmLabel => ({
    image: `f${i}`,
    patient,
    labels: { benign: false, malignant: false },
    annotations: 0,
    circles: [],
  }),
);

async function runs(...leftOut: unknown[]): Promise<string[]> {
  return Promise.all(
    leftOut.map(async (index, n) => {
      await mkdir(join(folder, `run${n}`), { recursive: true });
      await writeFile(join(folder, `run${n}`, "scores.json"), JSON.stringify({ index }));
      return join(folder, `run${n}`);
    }),
  );
}

test("every film is judged by the run that left it out", async () => {
  const folds = await readFolds(await runs([2, 3], [0, 1]), rows);
  expect(folds.map(({ films }) => films.map(([index, { image }]) => [index, image]))).toEqual([
    [
      [2, "f2"],
      [3, "f3"],
    ],
    [
      [0, "f0"],
      [1, "f1"],
    ],
  ]);
  expect(folds[1].model).toBe(join(folder, "run1", "model"));
});

test.each([
  ["films that no run left out", [[2], [0, 1]], /3 of 4 films/],
  [
    "a film of two runs",
    [
      [2, 3, 0],
      [0, 1],
    ],
    /belongs to another run/,
  ],
  [
    "a film that is not there",
    [
      [2, 3, 4],
      [0, 1],
    ],
    /missing/,
  ],
  ["a patient in two runs", [[2, 3, 0], [1]], /spread over several/],
  ["another file", ["none", [1]], /does not say/],
])("%s are refused", async (_, leftOut, message) => {
  await expect(readFolds(await runs(...leftOut), rows)).rejects.toThrow(message);
});

test("the folds that come along leave out every film of mini-MIAS once, have the spec and the local network of what they speak for, and are marked research use only", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const ours = await readBundle(join(root, "models/glam-1536x1024-mias"));
  const leftOut: number[] = [];
  for (const fold of ["0", "1", "2", "3", "4"]) {
    const run = join(root, "evaluation/folds", fold);
    const { manifest } = await readBundle(join(run, "model"));
    expect(manifest.spec).toEqual(ours.manifest.spec);
    expect(manifest.networks.local.file.sha256).toBe(ours.manifest.networks.local.file.sha256);
    expect(manifest.networks.global.file.sha256).not.toBe(ours.manifest.networks.global.file.sha256);
    expect(manifest.provenance.licence).toMatch(/^Research use only, trained on mini-MIAS/);
    leftOut.push(...JSON.parse(await readFile(join(run, "scores.json"), "utf8")).index);
  }
  expect(leftOut.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 258 }, (_, i) => i));
  const served = JSON.parse(await readFile(join(root, "models/index.json"), "utf8"));
  expect(JSON.stringify(served)).not.toMatch(/fold|mias/);
});
