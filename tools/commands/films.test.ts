import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FILM, FILM_SPACING, writeFilm, writeLabels } from "../../test/support/films.ts";
import { readSpec } from "../../test/support/specs.ts";
import type { TestCase } from "../evaluate/test-case.ts";
import { openSet, setCases } from "../films/read-set.ts";
import { filmsCommand } from "./films.ts";

let folder: string;
let out: string;
let printed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-films-"));
  out = join(folder, "set");
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const spec = readSpec("glam-tiny");
const films = (...values: string[]) => filmsCommand().parseAsync(values, { from: "user" });
const dataset = () => films("dataset", "--data", folder, "--out", out, "--spec", "glam-tiny", "--workers", "1");

async function casesOfSet(): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for await (const one of setCases(await openSet(out, spec), spec, () => true)) cases.push(one);
  return cases;
}

describe("glam films dataset", () => {
  test("takes every format and kind of place, both views and sides, and a spacing of each film", async () => {
    for (const [i, name] of ["a.png", "b.pgm", "c.jpg", "d.png"].entries()) await writeFilm(folder, name, i);
    const mask = new Uint8Array(FILM.height * FILM.width);
    for (let y = 270; y < 330; y++) mask.fill(255, y * FILM.width + 350, y * FILM.width + 410);
    await writeFile(join(folder, "d-mask.png"), encode({ ...FILM, data: mask, channels: 1, depth: 8 }));
    await writeLabels(
      folder,
      "file,label,view,patient,scanner,density,pixel_spacing,places,mask_benign",
      `a.png,malignant,L-MLO,one,A,B,${FILM_SPACING},circle 100 300 30,`,
      `b.pgm,benign,R-MLO,one,A,B,${FILM_SPACING},box 370 270 60 60,`,
      `c.jpg,malignant,L-CC,two,B,C,${FILM_SPACING},polygon 70 270 130 270 130 330 70 330,`,
      `d.png,benign,R-CC,three,B,C,${FILM_SPACING},,d-mask.png`,
    );
    await dataset();
    const cases = await casesOfSet();
    expect(cases.map(({ view }) => view)).toEqual(["L-MLO", "R-MLO", "L-CC", "R-CC"]);
    expect(cases.map(({ groups }) => groups?.scanner)).toEqual(["A", "A", "B", "B"]);
    expect(cases.map(({ lesions }) => lesions.map(({ kind }) => kind))).toEqual([
      ["malignant"],
      ["benign"],
      ["malignant"],
      ["benign"],
    ]);
    // 206 mm of 736 film pixels become 1.6 mm canvas pixels. Right breasts are mirrored: column 400 of 480 is 79.
    const scale = FILM_SPACING / 1.6;
    for (const [i, column] of [100, 79, 100, 99].entries()) {
      const [{ centre, mask: inside }] = cases[i].lesions;
      expect(Math.abs(centre.col - column * scale)).toBeLessThan(2);
      const area = inside.reduce((sum, value) => sum + value, 0);
      const expected = i === 0 || i === 1 ? Math.PI * 30 ** 2 : 60 ** 2;
      expect(area / (expected * scale ** 2)).toBeGreaterThan(0.75);
      expect(area / (expected * scale ** 2)).toBeLessThan(1.25);
    }
    expect(printed).toContain("4 films; 0 left out");
  });

  test("what cannot be read is left out and named by its line; a film without a patient is told of", async () => {
    await writeFilm(folder, "a.png", 0);
    await writeFile(join(folder, "damaged.png"), "no image");
    await writeLabels(
      folder,
      "file,label,view,patient,pixel_spacing,places",
      `a.png,malignant,L-MLO,,${FILM_SPACING},circle 470 10 5`,
      `damaged.png,benign,L-MLO,one,${FILM_SPACING},`,
      `missing.png,benign,L-MLO,one,${FILM_SPACING},`,
      `a2.png,cancer,L-MLO,one,${FILM_SPACING},`,
    );
    await dataset();
    expect(printed).toContain("1 films; 3 left out");
    expect(printed).toMatch(/left out, image-unreadable: 2 \(labels.csv line 3, 4\)/);
    expect(printed).toMatch(/left out, invalid-request: 1 \(labels.csv line 5\) The label is not normal/);
    expect(printed).toContain("warning: 1 films have no patient");
    expect(printed).toContain("1 lesions lie off the breast (labels.csv line 2)");
    expect(printed).not.toMatch(/damaged|missing|cancer/);
    const [only] = await casesOfSet();
    expect([only.labels.malignant, only.placed.malignant]).toEqual([true, false]);
  });

  test("a woman is in one part, the same each time; mini-MIAS only judges", async () => {
    for (let i = 0; i < 4; i++) await writeFilm(folder, `f00${i}.png`, i);
    const rows = [0, 1, 2, 3].map((i) => `f00${i},${Math.floor(i / 2)},F,normal,0,`);
    await writeLabels(folder, "image,patient,tissue,label,n_annotations,circles_xyr_toporigin", ...rows);
    await dataset();
    const { images } = await openSet(out, spec);
    expect(images.map(({ part }) => part)).toEqual(["test", "test", "test", "test"]);
    await writeLabels(
      folder,
      "file,label,view,patient",
      ...[0, 1, 2, 3].map((i) => `f00${i}.png,normal,L-MLO,w${i % 2}`),
    );
    await dataset();
    const again = (await openSet(out, spec)).images.map(({ part }) => part);
    expect([again[0], again[1]]).toEqual([again[2], again[3]]);
  });

  test("a folder without a list, and a list that is none, are told apart", async () => {
    await expect(dataset()).rejects.toMatchObject({ code: "invalid-request", message: /no labels\.csv/ });
    await writeFile(join(folder, "labels.csv"), "name,diagnosis\nx,y\n");
    await expect(dataset()).rejects.toMatchObject({
      code: "invalid-request",
      message: /columns of no list that is known/,
    });
  });
});

test("glam films crops: lesions at the canvas's resolution, by the scanner of the woman's film", async () => {
  const image = encode({ height: 60, width: 80, data: new Uint8Array(4800).fill(90), channels: 1, depth: 8 });
  await writeFile(join(folder, "c.png"), image);
  await writeFile(join(folder, "films.csv"), "patient,scanner\nP_1,B\n");
  await writeFile(
    join(folder, "crops.csv"),
    "file,patient,view,side,label,type\nc.png,P_1,CC,LEFT,malignant,mass\nc.png,P_2,MLO,RIGHT,benign,calc\nnone.png,P_2,CC,LEFT,benign,calc\n",
  );
  await films("crops", "--data", join(folder, "crops.csv"), "--out", out);
  expect(printed).toBe("2 crops; 1 left out\n");
  const rows = (await readFile(join(out, "crops.csv"), "utf8")).trim().split("\n");
  // 0.05 and 0.047 mm to 0.17 mm.
  expect(rows).toEqual([
    "offset,width,height,patient,view,label,type",
    "0,24,18,cbis-P_1,L-CC,malignant,mass",
    "432,22,17,cbis-P_2,R-MLO,benign,calc",
  ]);
  expect((await readFile(join(out, "crops.u8"))).length).toBe(432 + 22 * 17);
});
