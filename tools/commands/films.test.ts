import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { writeFilmDataset } from "./films.ts";

let folder = "";
const header = "image,patient,tissue,label,n_annotations,circles_xyr_toporigin";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-films-"));
  for (const [i, view] of (["L-MLO", "R-MLO"] as const).entries()) {
    const { height, width, pixels } = generatePhantom({ seed: 80 + i, height: 736, width: 480, bits: 8, view });
    await writeFile(join(folder, `f${i}.png`), encode({ height, width, data: pixels, channels: 1, depth: 8 }));
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function datasetOf(circles: [string, string], out: string) {
  const rows = [`f0,77,F,benign,1,${circles[0]}`, `f1,77,F,malignant,1,${circles[1]}`];
  await writeFile(join(folder, "labels.csv"), `${header}\n${rows.join("\n")}\n`);
  const options = { data: folder, pixelSpacing: 206 / 736, view: "L-MLO", spec: "glam-tiny" } as const;
  await writeFilmDataset({ ...options, out, report: () => undefined });
  return Promise.all(["images.u8", "labels.csv", "dataset.json"].map((name) => readFile(join(out, name))));
}

describe("films dataset", () => {
  test("holds pixels, patients and image labels, and is the same whatever the circles are", async () => {
    const first = await datasetOf(["CIRC:B:100:200:30", "SPIC:M:300:200:10"], join(folder, "a"));
    const second = await datasetOf(["CALC:B:1:2:3", ""], join(folder, "b"));
    first.forEach((bytes, i) => {
      expect(bytes.equals(second[i])).toBe(true);
    });
    const [images, labels, description] = first;
    expect(images.length).toBe(2 * 128 * 96);
    expect(labels.toString()).toBe("index,patient,view,benign,malignant\n0,0,L-MLO,1,0\n1,0,L-MLO,0,1\n");
    expect(Object.keys(JSON.parse(description.toString())).sort()).toEqual(
      ["count", "films", "height", "patients", "width"].sort(),
    );
  });
});
