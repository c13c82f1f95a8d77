import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { readManifest } from "../bundle/bundle.ts";
import { GLAM, type Method } from "./methods.ts";
import type { TestCase } from "./test-case.ts";
import { drawWorst } from "./worst.ts";

const side = 64;
const maps = { height: side, width: side, data: new Uint8Array(side * side) };
const method: Method = {
  run: async () =>
    new Map([[GLAM, { scores: { benign: 0, malignant: 0 }, maps: { benign: maps, malignant: maps }, regions: [] }]]),
  release: async () => undefined,
};

/** A breast of one shape with tissue of its own. */
function film(grey: (index: number) => number): TestCase {
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => (i % side < 40 ? grey(i) : 0));
  const canvas = { height: side, width: side, pixels };
  const no = { benign: false, malignant: false };
  return { patient: "1234", view: "L-CC", canvas, labels: no, lesions: [], placed: no, pixelSpacing: 0.17 };
}

test("two films of the same shape give the same picture, and two phantoms do not", async () => {
  const manifest = await readManifest("test/fixtures/models/glam-tiny");
  const cases = [film((i) => 1 + (i % 200)), film((i) => 255 - (i % 100))];
  const draw = async (kind: "film" | "phantom") => {
    const folder = await mkdtemp(join(tmpdir(), "glam-worst-"));
    await drawWorst(cases, { method, manifest, kind, folder });
    return Promise.all([1, 2].map(async (n) => decode(await readFile(join(folder, `worst-${n}.png`))).data));
  };
  const [one, other] = await draw("film");
  expect(one).toEqual(other);
  expect(new Set(one)).toContain(56);
  const [first, second] = await draw("phantom");
  expect(first).not.toEqual(second);
});
