import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";
import { parseCsv } from "../films/csv.ts";
import { batchCommand } from "./batch.ts";

const model = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny-simd", import.meta.url));
const size = { height: 128, width: 96, bits: 8 } as const;
const image = (view: View, seed: number) => generatePhantom({ seed, ...size, view });

let folder: string;
let out: string;
let printed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-batch-"));
  out = join(folder, "out");
  printed = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += text;
      return true;
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

const batch = (...values: string[]) =>
  batchCommand().parseAsync([folder, "--out", out, "--model", model, "--workers", "1", ...values], { from: "user" });

async function write(name: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(join(folder, dirname(name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
}

function dicom(view: View, seed: number, patient: string, study: string, modality = "MG"): Uint8Array {
  const change = { "00100020": ["LO", patient], "0020000d": ["UI", study], "00080060": ["CS", modality] } as const;
  return mammogramFile(image(view, seed), { view, pixelSpacing: 1.6 }, { change: change as never });
}

const png = (view: View, seed: number) => encode({ ...size, data: image(view, seed).pixels, channels: 1, depth: 8 });

async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const { columns, rows } = parseCsv(await readFile(join(out, name), "utf8"));
  for (const { fields } of rows) expect(fields).toBe(columns.length);
  return rows.map(({ cells }) => Object.fromEntries(cells));
}

test("files by content in any folders, exams by patient and study, means of each breast; what is broken does not end it", async () => {
  await write("a/deep/IM1", dicom("L-CC", 1, "P1", "2.25.1"));
  await write("a/IM2.dcm", dicom("L-MLO", 2, "P1", "2.25.1"));
  await write("b/no-picture.jpg", dicom("R-CC", 3, "P1", "2.25.2"));
  await write("sr.dcm", dicom("L-CC", 4, "P1", "2.25.1", "SR"));
  await write("b/cut.dcm", dicom("L-CC", 5, "P2", "2.25.3").subarray(0, 5000));
  await write("b/no-view.png", png("L-CC", 6));
  await write("b/empty", "");
  await write("notes.txt", "no image");
  await write("earlier/journal.jsonl", "{}");
  await write("earlier/views/a.overlay.png", png("L-CC", 1));
  await batch("--overlays", "--contours", "--dicom-seg");
  expect(process.exitCode).toBe(3);
  const views = await rowsOf("results.csv");
  const seen = views.map(({ file, exam, view, status, code }) => [file, exam, view, status, code]);
  expect(seen).toEqual([
    ["a/IM2.dcm", "1", "L-MLO", "complete", ""],
    ["a/deep/IM1", "1", "L-CC", "complete", ""],
    ["b/cut.dcm", "", "", "failed", "dicom-unreadable"],
    ["b/empty", "", "", "failed", "image-unreadable"],
    ["b/no-picture.jpg", "2", "R-CC", "complete", ""],
    ["b/no-view.png", "", "", "failed", "invalid-request"],
    ["sr.dcm", "", "", "skipped", "dicom-not-supported"],
  ]);
  const [first, second] = await rowsOf("exams.csv");
  const mean = (Number(views[0].malignant) + Number(views[1].malignant)) / 2;
  expect(Number(first.left_malignant)).toBeCloseTo(mean, 5);
  expect(first).toMatchObject({ patient: "P1", study: "2.25.1", views: "2", failed: "0", right_malignant: "" });
  expect(second).toMatchObject({ study: "2.25.2", left_benign: "", right_benign: views[4].benign });
  const lines = (await readFile(join(out, "results.jsonl"), "utf8")).trim().split("\n");
  expect(JSON.parse(lines[0])).toMatchObject({
    sopInstanceUid: "2.25.111.1",
    view: "L-MLO",
    model: { name: "glam-tiny-simd" },
  });
  expect((await readdir(join(out, "views/a/deep"))).sort()).toEqual([
    "IM1.contours.json",
    "IM1.overlay.png",
    "IM1.seg.dcm",
  ]);
  expect((await readFile(join(out, "index.html"), "utf8")).match(/<img/g)).toHaveLength(3);
  expect(printed).toContain("3 failed");
  expect(printed).not.toMatch(/IM1|no-view|P1|2\.25/);
});

test("names as long as they may be have outputs, which only their owner can read", async () => {
  const names = ["é", "n"].map((letter) => `${letter.repeat(letter === "é" ? 125 : 250)}.dcm`);
  for (const [i, name] of names.entries()) await write(name, dicom("L-CC", i, "P1", "2.25.1"));
  await mkdir(out);
  await batch("--overlays");
  const page = await readFile(join(out, "index.html"), "utf8");
  const pictures = Array.from(page.matchAll(/src="([^"]*)"/g), ([, at]) => decodeURIComponent(at));
  expect(pictures).toHaveLength(2);
  for (const file of [...pictures, "results.csv", "journal.jsonl"]) {
    expect((await stat(join(out, file))).mode & 0o077).toBe(0);
  }
});

test("a list names files, views and patients; labels are not needed", async () => {
  await write("l.png", png("L-CC", 1));
  await write("r.png", png("R-CC", 2));
  await write("unlisted.png", png("R-CC", 3));
  await write(
    "manifest.csv",
    "file,view,patient,pixel_spacing\nl.png,L-CC,=ann,1.6\nr.png,R-CC,=ann,1.6\n../x.png,R-CC,ann,\nr.png,R-CC,ann,\n",
  );
  await batch();
  const seen = (await rowsOf("results.csv")).map(({ file, patient, status }) => [file, patient, status]);
  expect(seen).toEqual([
    ["l.png", "'=ann", "complete"],
    ["line 4 of the list", "", "failed"],
    ["line 5 of the list", "", "failed"],
    ["r.png", "'=ann", "complete"],
  ]);
  expect(await rowsOf("exams.csv")).toMatchObject([{ patient: "'=ann", views: "2", failed: "0" }]);
});

test("a list of a known set is read as it is", async () => {
  await write("mdb001.png", png("L-MLO", 1));
  await write("list.csv", "image,patient,tissue,label,n_annotations,circles_xyr_toporigin\nmdb001,7,F,normal,0,\n");
  await batch("--list", join(folder, "list.csv"));
  const [row] = await rowsOf("results.csv");
  expect(row).toMatchObject({ file: "mdb001.png", patient: "mini-mias/7", view: "L-MLO", status: "complete" });
});

test("a second run computes what changed alone; another model or other options are refused", async () => {
  await write("a.dcm", dicom("L-CC", 1, "P1", "2.25.1"));
  await write("b.dcm", dicom("R-CC", 2, "P1", "2.25.1"));
  await batch();
  expect(process.exitCode).toBeUndefined();
  const lines = async () => (await readFile(join(out, "journal.jsonl"), "utf8")).split("\n").length;
  const table = await readFile(join(out, "results.csv"));
  expect(await lines()).toBe(4);
  await batch();
  expect(await lines()).toBe(4);
  expect(await readFile(join(out, "results.csv"))).toEqual(table);
  await write("b.dcm", dicom("R-CC", 3, "P1", "2.25.1"));
  await batch();
  expect(await lines()).toBe(5);
  expect(await readFile(join(out, "results.csv"))).not.toEqual(table);
  await expect(batch("--threshold", "0.9")).rejects.toMatchObject({ message: /other options/ });
  const journal = await readFile(join(out, "journal.jsonl"), "utf8");
  await writeFile(join(out, "journal.jsonl"), journal.replace(/"version":"[^"]*"/, '"version":"0.0.7"'));
  await expect(batch()).rejects.toMatchObject({
    code: "invalid-request",
    message: /another version \(0\.0\.7; this is/,
  });
});

test("nothing to judge, no folder, or the images' own folder is refused", async () => {
  await expect(batch()).rejects.toMatchObject({ message: "There are no files there." });
  await write("notes.txt", "no image");
  await expect(batch()).rejects.toMatchObject({ message: /no mammogram/ });
  const at = (...values: string[]) => batchCommand().parseAsync(values, { from: "user" });
  await expect(at(join(folder, "none"), "--out", out)).rejects.toMatchObject({ code: "invalid-request" });
  await symlink(folder, join(folder, "link"));
  for (const same of [folder, join(folder, "link")]) {
    await expect(at(folder, "--out", same)).rejects.toMatchObject({ message: /must be another one/ });
  }
});
