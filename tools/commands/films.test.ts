import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { hasTorch, runPython } from "../../test/support/python.ts";
import { writeFilmDataset, writeImplantDataset } from "./films.ts";

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

  test("implants are groups of four of the normal films, with the patients' numbers of the films", async () => {
    await writeFile(join(folder, "labels.csv"), `${header}\nf0,77,F,benign,1,CIRC:B:100:200:30\nf1,78,F,normal,0,\n`);
    const options = { data: folder, pixelSpacing: 206 / 736, view: "L-MLO", spec: "glam-tiny" } as const;
    const out = join(folder, "implants");
    await writeImplantDataset({ ...options, out, each: 2, seed: 4, workers: 1, report: () => undefined });
    const rows = (await readFile(join(out, "labels.csv"), "utf8")).trim().split("\n").slice(1);
    const labels = ["0,0", "1,0", "0,1", "1,1"];
    expect(rows).toEqual(Array.from({ length: 8 }, (_, i) => `${i},1,L-MLO,${labels[i % 4]}`));
    const images = await readFile(join(out, "images.u8"));
    const one = (n: number) => images.subarray(n * 128 * 96, (n + 1) * 128 * 96);
    expect(images.length).toBe(8 * 128 * 96);
    expect(one(0).equals(one(4))).toBe(true);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
      [1, 5],
    ] as const)
      expect(one(a).equals(one(b))).toBe(false);
    expect(JSON.parse(await readFile(join(out, "dataset.json"), "utf8"))).toMatchObject({
      count: 8,
      patients: 1,
      lesionsEach: 1,
    });
  });

  test("implants are the same files whatever the number of threads", async () => {
    await writeFile(join(folder, "labels.csv"), `${header}\nf0,77,F,normal,0,\nf1,78,F,normal,0,\n`);
    const options = { data: folder, pixelSpacing: 206 / 736, view: "L-MLO", spec: "glam-tiny" } as const;
    const filesWith = async (workers: number) => {
      const out = join(folder, `workers-${workers}`);
      await writeImplantDataset({ ...options, out, each: 3, seed: 4, workers, report: () => undefined });
      return Promise.all(["images.u8", "labels.csv", "dataset.json"].map((name) => readFile(join(out, name))));
    };
    const [one, three] = [await filesWith(1), await filesWith(3)];
    expect(one[0].length).toBe(24 * 128 * 96);
    one.forEach((bytes, i) => {
      expect(bytes.equals(three[i])).toBe(true);
    });
  });

  test("the training loader opens three files and refuses labels with circles", async (context) => {
    if (!hasTorch) return context.skip("no python3 with torch here");
    const set = join(folder, "c");
    await datasetOf(["CIRC:B:100:200:30", ""], set);
    await writeFile(join(set, "masks.u8"), "masks");
    const opened = runPython(
      "import sys\nfrom glam.data import ImageSet, whole_images\n" +
        "files = set()\nsys.addaudithook(lambda event, args: event == 'open' and files.add(str(args[0])))\n" +
        "images = ImageSet(sys.argv[1])\nwhole_images(images, [0, 1])\n" +
        "print(sorted(one.rsplit('/', 1)[-1] for one in files if one.startswith(sys.argv[1])))",
      set,
    );
    expect(opened.stderr).toBe("");
    expect(opened.stdout.trim()).toBe("['dataset.json', 'images.u8', 'labels.csv']");
    await writeFile(join(set, "labels.csv"), `${header}\nf0,77,F,benign,1,CIRC:B:100:200:30\n`);
    const refused = runPython("import sys\nfrom glam.data import ImageSet\nImageSet(sys.argv[1])", set);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain("columns that no training may see: ['circles_xyr_toporigin'");
  });

  test("only the U-Net of the table reads masks, and nothing reads the U-Net", async () => {
    const scripts = new URL("../../training/", import.meta.url);
    for (const name of (await readdir(scripts, { recursive: true })).filter((one) => one.endsWith(".py"))) {
      const code = await readFile(new URL(name, scripts), "utf8");
      const mayReadMasks = name === "train_unet.py";
      expect([name, code.includes("upper-bound-masks.u8")]).toEqual([name, mayReadMasks]);
      expect([name, /import train_unet|from train_unet/.test(code)]).toEqual([name, false]);
    }
  });
});
