import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FILM_SPACING, writeFilm, writeLabels } from "../../test/support/films.ts";
import { readBundle } from "../bundle/bundle.ts";
import type { Report } from "../evaluate/report.ts";
import { evaluateCommand } from "./evaluate.ts";
import { filmsCommand } from "./films.ts";

const model = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny", import.meta.url));
const few = ["--model", model, "--through", "pipeline", "--rounds", "20", "--json"];
let folder: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-evaluate-"));
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

const evaluate = (...values: string[]) => evaluateCommand().parseAsync(values, { from: "user" });
const lastLine = (): Report => JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Report;

/** Phantoms as films, two of a woman, every second one a right breast, as the packed set `set` in the folder. */
async function films(places: string[], labels = ["malignant", "normal"]): Promise<string> {
  for (const i of labels.keys()) await writeFilm(folder, `f${i}.png`, i);
  const rows = labels.map((label, i) => {
    const view = i % 2 === 0 ? "L-MLO" : "R-MLO";
    return `f${i}.png,${label},${view},w${Math.floor(i / 2)},${"AB"[i % 2]},${FILM_SPACING},${places[i] ?? ""}`;
  });
  await writeLabels(folder, "file,label,view,patient,scanner,pixel_spacing,places", ...rows);
  const set = join(folder, "set");
  await filmsCommand().parseAsync(["dataset", "--data", folder, "--out", set, "--spec", "glam-tiny"], { from: "user" });
  printed = "";
  return set;
}

describe("glam evaluate phantoms", () => {
  test("prints the table and one object, the same every time", async () => {
    await evaluate("phantoms", "--count", "6", ...few);
    const report = lastLine();
    expect(report.counts).toMatchObject({ images: 6, patients: 6 });
    expect(report.auc.malignant).toBeGreaterThanOrEqual(0);
    expect(report.dice.benign).toBeLessThan(1);
    expect(report.ci.pointing).toHaveLength(2);
    expect(report.coarse.threshold).toBeGreaterThan(0);
    expect(printed).toContain("| fused map | benign | ");
    const first = printed;
    printed = "";
    await evaluate("phantoms", "--count", "6", ...few);
    expect(printed).toBe(first);
  });

  test("the validation set is another one, and says which threshold is best", async () => {
    await evaluate("phantoms", "--count", "4", "--set", "validation", "--choose-threshold", ...few);
    expect(printed).toMatch(/validation set, glam-tiny/);
    expect(printed).toMatch(/best threshold of the fused map on these images: 0\.\d+/);
  });
});

test("records the figures in the manifest, and keeps those of other data", async () => {
  const bundle = join(folder, "glam-tiny");
  await cp(model, bundle, { recursive: true });
  const set = await films(["circle 100 300 30", ""]);
  const mine = ["--model", bundle, ...few.slice(2), "--record"];
  await evaluate("phantoms", "--count", "4", ...mine);
  await evaluate("films", "--data", set, ...mine);
  const { quality } = (await readBundle(bundle)).manifest.provenance;
  expect(quality).toMatchObject({ "phantoms.images": 4, "films.images": 2 });
  expect(quality?.["films.dice.malignant"]).toBe(lastLine().dice.malignant);
});

describe("--calibrate", () => {
  const mine = (bundle: string) => [
    ...["films", "--data", join(folder, "set"), "--called", "films of tests"],
    ...["--model", bundle, ...few.slice(2)],
  ];
  const manifestOf = async (bundle: string) => (await readBundle(bundle)).manifest;
  const copied = async () => {
    const bundle = join(folder, "glam-tiny");
    await cp(model, bundle, { recursive: true });
    return bundle;
  };

  test("fits, judges before and after, and records; later evaluations judge it and keep it", async () => {
    const bundle = await copied();
    await films([], ["benign", "normal", "malignant", "normal"]);
    await evaluate(...mine(bundle), "--calibrate");
    expect((await manifestOf(bundle)).scoreCalibration).toBeUndefined();
    await evaluate(...mine(bundle), "--calibrate", "--record");
    const { scoreCalibration, provenance, threshold } = await manifestOf(bundle);
    const fittedOn = "4 films of tests, 1 with benign and 1 with malignant lesions";
    expect(scoreCalibration?.fittedOn).toBe(fittedOn);
    // What chose is not measured.
    expect(provenance.quality?.["films-of-tests.images"]).toBeUndefined();
    expect(threshold).toBe((await manifestOf(model)).threshold);
    expect(printed).toContain(`calibration of benign: temperature ${scoreCalibration?.benign.temperature}, bias `);
    expect(printed).toMatch(/benign: calibration error 0\.\d+, of calibrated scores 0\.\d+; saliency/);
    const { malignant } = lastLine().calibration;
    expect(malignant.calibrated?.error).toBeLessThan(malignant.error);
    printed = "";
    await evaluate(...mine(bundle), "--record");
    expect(printed).not.toContain("calibration of benign");
    expect(printed).toContain(`calibrated scores: fitted on ${fittedOn}`);
    expect(lastLine().calibration.malignant.calibrated?.error).toBe(malignant.calibrated?.error);
    expect((await manifestOf(bundle)).provenance.quality).toMatchObject({ "films-of-tests.images": 4 });
    expect((await manifestOf(bundle)).scoreCalibration).toEqual(scoreCalibration);
  });

  test("where there is nothing to fit the table and the figures come all the same, then the reason", async () => {
    const bundle = await copied();
    await films([]);
    await expect(evaluate(...mine(bundle), "--calibrate", "--record")).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("benign lesion"),
    });
    expect(lastLine().counts.images).toBe(2);
    expect(printed).not.toContain("of calibrated scores");
    const { scoreCalibration, provenance } = await manifestOf(bundle);
    expect(scoreCalibration).toBeUndefined();
    expect(provenance.quality?.["films-of-tests.images"]).toBeUndefined();
  });
});

test("draws the worst phantoms", async () => {
  await evaluate("phantoms", "--count", "3", "--worst", "1", "--pictures", folder, ...few);
  const picture = decode(await readFile(join(folder, "worst-1.png")));
  expect(picture.width).toBeGreaterThan(2 * 96);
});

describe("glam evaluate films", () => {
  test("judges films against places; what nobody knows is a dash", async () => {
    await evaluate("films", "--data", await films(["circle 100 300 30", ""]), ...few);
    expect(lastLine().counts).toEqual({ images: 2, patients: 1, benign: 0, malignant: 1 });
    expect(lastLine().regionRecall).not.toBeNull();
    expect(printed).toMatch(/\| fused map \| benign \| - \| - \| - \| - \| - \|/);
    const packed = printed;
    printed = "";
    await evaluate("films", "--data", join(folder, "labels.csv"), "--workers", "1", ...few);
    expect(printed).toBe(packed);
  });

  test("a place in the background does not count where places are judged", async () => {
    await evaluate("films", "--data", await films(["circle 470 10 5", ""]), ...few);
    expect(lastLine().dice.malignant).toBeNull();
    expect(lastLine().counts.malignant).toBe(1);
  });

  test("figures by scanner and view, and of one part only", async () => {
    const labels = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? "malignant" : "normal"));
    const set = await films(Array(24).fill("circle 100 300 30"), labels);
    await evaluate("films", "--data", set, ...few);
    expect(printed).toMatch(/\| scanner A \| 12 \| 0\.\d+ \| 0\.\d+ \| [01]\.\d+ \|/);
    expect(printed).toMatch(/\| view R-MLO \| 12 \| /);
    const rows = (await readFile(join(set, "labels.csv"), "utf8")).split("\n");
    const training = rows.filter((row) => row.endsWith(",train")).length;
    await evaluate("films", "--data", set, "--part", "train", ...few);
    expect(lastLine().counts.images).toBe(training);
    expect(training).toBeLessThan(24);
  });

  test("operating points: the table, and the threshold that aims at half a false mark, in the manifest", async () => {
    const bundle = join(folder, "glam-tiny");
    await cp(model, bundle, { recursive: true });
    const places = ["circle 100 300 90", "circle 380 300 90", "circle 100 300 90"];
    const set = await films(places, ["malignant", "malignant", "malignant", "normal"]);
    await evaluate("films", "--data", set, "--operating-points", "--record", "--model", bundle, ...few.slice(2));
    const { operatingPoints, threshold, provenance } = (await readBundle(bundle)).manifest;
    expect(operatingPoints?.measuredOn).toBe("4 films");
    const points = operatingPoints?.malignant ?? [];
    const aimed = points.filter(({ falseMarks }) => falseMarks <= 0.5).at(-1);
    if (aimed) expect(threshold).toBe(aimed.threshold);
    expect(points.map(({ threshold: at }) => at)).toEqual(points.map(({ threshold: at }) => at).sort((a, b) => b - a));
    expect(printed).toContain(
      `operating point: threshold ${points[0].threshold}, sensitivity ${points[0].sensitivity}`,
    );
    expect(Object.keys(provenance.quality ?? {}).some((name) => name.startsWith("films."))).toBe(false);
  });

  test("a folder that is no set, and a set of another size, are told apart", async () => {
    const rejects = (data: string, message: RegExp) =>
      expect(evaluate("films", "--data", data, ...few)).rejects.toMatchObject({ code: "invalid-request", message });
    await rejects(folder, /no labels\.csv and no other list/);
    const set = await films([]);
    await writeFile(join(set, "dataset.json"), JSON.stringify({ height: 64, width: 64 }));
    await rejects(set, /64 x 64 pixels/);
  });
});
