import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FILM_SPACING, writeFilm, writeLabels } from "../../test/support/films.ts";
import { readSpec } from "../../test/support/specs.ts";
import { readFilms } from "../films/read-films.ts";
import { writeFilmSet } from "../films/write-set.ts";
import { assertUsable, lossesBeyond } from "./compare.ts";
import { chooseEvenly, deal, siteImages } from "./site-images.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("images are taken from all over the list, each once", () => {
  expect(chooseEvenly(numbers(10), 4)).toEqual([0, 2, 5, 7]);
  expect(chooseEvenly(numbers(3), 100)).toEqual([0, 1, 2]);
});

test("batches are alike in size, and neighbours are in different ones", () => {
  for (const count of [1, 8, 9, 10, 79, 100]) {
    const batches = deal(numbers(count));
    expect(batches.flat().toSorted((a, b) => a - b)).toEqual(numbers(count));
    const sizes = batches.map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    if (batches.length > 1) expect(batches.some((batch) => batch.some((i) => batch.includes(i + 1)))).toBe(false);
  }
  expect(deal([])).toEqual([]);
});

test("files give the canvases of the packed set that is made of them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glam-site-"));
  try {
    const spec = readSpec("glam-tiny");
    const names = ["a.png", "b.jpg", "c.pgm"];
    for (const [i, name] of names.entries()) await writeFilm(folder, name, i);
    await writeLabels(
      folder,
      "file,label,view,pixel_spacing",
      ...names.map((name) => `${name},normal,L-CC,${FILM_SPACING}`),
    );
    const out = join(folder, ".set");
    await writeFilmSet({ ...(await readFilms([folder])), spec, out, workers: 1, progress: () => undefined });
    await rm(join(folder, "labels.csv"));
    const all = async (batches: AsyncIterable<unknown[]>) => {
      const found: unknown[] = [];
      for await (const batch of batches) found.push(batch);
      return found;
    };
    const read = async (one: string) => {
      const site = await siteImages({
        folder: one,
        spec,
        count: 9,
        view: "L-CC",
        pixelSpacing: FILM_SPACING,
        workers: 1,
      });
      return [site.chosen, await all(site.batches())];
    };
    const packed = await read(out);
    await rm(out, { recursive: true });
    expect(packed).toEqual(await read(folder));
    expect(packed[0]).toBe(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("of a packed set only one part's images are taken; a folder of files has no parts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glam-site-"));
  try {
    const spec = readSpec("glam-tiny");
    const { height, width } = spec.canvas;
    const parts = ["train", "val", "train", "test"];
    const pixels = parts.map((_, i) => new Uint8Array(height * width).fill(i + 1));
    await writeFile(join(folder, "images.u8"), Buffer.concat(pixels));
    await writeFile(join(folder, "labels.csv"), `patient,part\n${parts.map((part, i) => `p${i},${part}\n`).join("")}`);
    await writeFile(join(folder, "places.json"), "[[], [], [], []]");
    const request = { folder, spec, count: 9, part: "train", workers: 1 } as const;
    await expect(siteImages(request)).rejects.toThrow(/packed set/);
    await writeFile(join(folder, "dataset.json"), JSON.stringify({ height, width }));
    const site = await siteImages(request);
    const taken: number[] = [];
    for await (const batch of site.batches()) taken.push(...batch.map((canvas) => canvas.pixels[0]));
    expect([site.chosen, taken]).toEqual([2, [1, 3]]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a model that lost its lesions is refused with the figures; a Dice of other levels, and figures that nobody knows, are not", () => {
  const before = { "auc.malignant": 0.9, pointing: 0.8, "dice.malignant": 0.7 };
  const judge = (after: Record<string, number>, was: Record<string, number> = before) =>
    assertUsable({ phantoms: 9, before: was, after }, 0.15);
  expect(() => judge({ ...before, pointing: 0.64 })).toThrow(/pointing 0\.8 -> 0\.64/);
  expect(() => judge({ pointing: 0.8 })).toThrow(/auc\.malignant/);
  judge({ "auc.malignant": 0.76, pointing: 1, "dice.malignant": 0 });
  judge({}, {});
  expect(lossesBeyond({ phantoms: 9, before, after: { ...before, pointing: 0.68 } }, 0.1)).toBe("pointing 0.8 -> 0.68");
});
