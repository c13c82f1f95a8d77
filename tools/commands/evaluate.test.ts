import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { readSpec } from "../../test/support/specs.ts";
import { readBundle } from "../bundle/bundle.ts";
import { filmCases, readFilmLabels } from "../evaluate/film-cases.ts";
import type { Report } from "../evaluate/report.ts";
import { evaluateCommand } from "./evaluate.ts";

const model = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny", import.meta.url));
const few = ["--model", model, "--through", "pipeline", "--no-baselines", "--rounds", "20", "--json"];
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

/** Phantoms as films of one patient, every second one a right breast, and labels with the circles given. */
async function films(circles: string[], labels = ["malignant", "normal"]): Promise<void> {
  for (const i of labels.keys()) {
    const view = i % 2 === 0 ? "L-MLO" : "R-MLO";
    const { height, width, pixels } = generatePhantom({ seed: 80 + i, height: 736, width: 480, bits: 8, view });
    await writeFile(join(folder, `f${i}.png`), encode({ height, width, data: pixels, channels: 1, depth: 8 }));
  }
  const rows = labels.map((label, i) => `f${i},1,${label},${label === "normal" ? 0 : 1},${circles[i] ?? ""}`);
  await writeFile(
    join(folder, "labels.csv"),
    `image,patient,label,n_annotations,circles_xyr_toporigin\n${rows.join("\n")}\n`,
  );
}

describe("glam evaluate phantoms", () => {
  test("prints the table and one object, the same every time", async () => {
    await evaluate("phantoms", "--count", "6", ...few);
    const report = lastLine();
    expect(report.counts).toMatchObject({ images: 6, patients: 6 });
    expect(report.auc.malignant).toBeGreaterThanOrEqual(0);
    expect(report.dice.benign).toBeLessThan(1);
    expect(report.ci.pointing).toHaveLength(2);
    expect(Object.keys(report.baselines)).toEqual(["glamGlobalOnly"]);
    expect(printed).toContain("| glam | benign | ");
    const first = printed;
    printed = "";
    await evaluate("phantoms", "--count", "6", ...few);
    expect(printed).toBe(first);
  });

  test("the validation set is another one, and says which threshold is best", async () => {
    await evaluate("phantoms", "--count", "4", "--set", "validation", "--choose-threshold", ...few);
    expect(printed).toMatch(/validation set, glam-tiny/);
    expect(printed).toMatch(/best threshold of glam: 0\.\d+/);
  });
});

test("records the figures in the manifest, and keeps those of other data", async () => {
  const bundle = join(folder, "glam-tiny");
  await cp(model, bundle, { recursive: true });
  await films(["SPIC:M:100:300:30", ""]);
  const mine = ["--model", bundle, ...few.slice(2), "--record"];
  await evaluate("phantoms", "--count", "4", ...mine);
  await evaluate("films", "--data", folder, "--pixel-spacing", String(206 / 736), ...mine);
  const { quality } = (await readBundle(bundle)).manifest.provenance;
  expect(quality).toMatchObject({ "phantoms.images": 4, "films.images": 2 });
  expect(quality?.["films.dice.malignant"]).toBe(lastLine().dice.malignant);
});

describe("--calibrate", () => {
  const mine = (bundle: string) => [
    ...["films", "--data", folder, "--pixel-spacing", String(206 / 736), "--called", "films of tests"],
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
    expect(provenance.quality).toMatchObject({ "films.images": 4 });
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
    expect(provenance.quality).toMatchObject({ "films.images": 2 });
  });
});

test("draws the worst phantoms", async () => {
  await evaluate("phantoms", "--count", "3", "--worst", "1", "--pictures", folder, ...few);
  const picture = decode(await readFile(join(folder, "worst-1.png")));
  expect(picture.width).toBeGreaterThan(2 * 96);
});

describe("glam evaluate films", () => {
  test("judges films against circles", async () => {
    await films(["SPIC:M:100:300:30", ""]);
    await evaluate("films", "--data", folder, "--pixel-spacing", String(206 / 736), ...few);
    expect(lastLine().counts).toEqual({ images: 2, patients: 1, benign: 0, malignant: 1 });
    expect(lastLine().regionRecall).not.toBeNull();
  });

  test("a circle in the background does not count where places are judged", async () => {
    await films(["SPIC:M:470:10:5", ""]);
    await evaluate("films", "--data", folder, "--pixel-spacing", String(206 / 736), ...few);
    expect(lastLine().dice.malignant).toBeNull();
    expect(lastLine().counts.malignant).toBe(1);
  });

  test("a missing folder, a missing film and a bad row are told apart", async () => {
    const rejects = (part: RegExp, code: string) =>
      expect(evaluate("films", "--data", folder, ...few)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(part),
      });
    await rejects(/labels\.csv .* cannot be opened/, "invalid-request");
    await writeFile(join(folder, "labels.csv"), "image,patient,label\nsecret,1,normal\n");
    await rejects(/^The film of line 2 of labels\.csv: .* cannot be opened/, "image-unreadable");
    await writeFile(join(folder, "labels.csv"), "image,patient,label\nsecret,1,cancer\n");
    await rejects(/^Line 2 of labels\.csv/, "invalid-request");
  });
});

test("circles lie on the canvas where they lay on the film, mirrored with it", async () => {
  await films(["SPIC:M:100:300:30", "CIRC:B:200:300:10"]);
  const spec = readSpec("glam-tiny");
  const rows = (await readFilmLabels(folder)).map((row) => ({ ...row, labels: { benign: true, malignant: true } }));
  const leftOut = { offBreast: 0, unplaced: 0 };
  const cases = [];
  const options = { data: folder, pixelSpacing: 206 / 736, view: "L-MLO" } as const;
  for await (const one of filmCases(rows.entries(), spec, options, leftOut)) cases.push(one);
  // 206 mm of 736 film pixels become 1.6 mm canvas pixels; nothing is cut off above or at the chest wall.
  const scale = 206 / 736 / 1.6;
  const [left, right] = cases.map(({ lesions }) => lesions[0]);
  expect(Math.abs(left.centre.col - 100 * scale)).toBeLessThan(2);
  // The second film is mirrored: column 200 of 480 is 279 from the chest wall.
  expect(Math.abs(right.centre.col - 279 * scale)).toBeLessThan(2);
  const area = left.mask.reduce((sum, value) => sum + value, 0);
  expect(area / (Math.PI * (30 * scale) ** 2)).toBeGreaterThan(0.85);
  expect(area / (Math.PI * (30 * scale) ** 2)).toBeLessThan(1.15);
});
