import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { phantomCommand } from "./phantom.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "phantom-"));
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const run = (...words: string[]) =>
  phantomCommand()
    .exitOverride()
    .parseAsync(["node", "phantom", ...words]);

describe("glam phantom", () => {
  it("writes raw 12-bit values, the mask and the truth", async () => {
    const [out, mask, truth] = ["p.png", "m.png", "t.json"].map((name) => join(folder, name));
    const size = ["--height", "128", "--width", "96"];
    const what = ["--seed", "9", "--view", "R-CC", "--bits", "12", "--lesions", "benign,malignant"];
    await run(...what, ...size, "--out", out, "--mask", mask, "--truth", truth);
    const expected = generatePhantom({
      seed: 9,
      height: 128,
      width: 96,
      bits: 12,
      view: "R-CC",
      lesions: ["benign", "malignant"],
    });
    const png = decode(await readFile(out));
    expect([png.width, png.height, png.depth, png.channels]).toEqual([96, 128, 16, 1]);
    expect(png.data).toEqual(expected.pixels);
    const levels = decode(await readFile(mask)).data;
    for (const [kind, level] of [["benign", 127] as const, ["malignant", 255] as const]) {
      const area = expected.lesions.find((lesion) => lesion.kind === kind)?.area;
      expect(levels.filter((value) => value === level)).toHaveLength(area ?? -1);
    }
    const told = JSON.parse(await readFile(truth, "utf8"));
    expect(told.labels).toEqual({ benign: 1, malignant: 1 });
    expect(told.lesions[1].box).toEqual(expected.lesions[1].box);
  });
});

describe("glam phantom dataset", () => {
  const dataset = (out: string, count: number, ...more: string[]) =>
    run("dataset", "--count", `${count}`, "--seed", "40", "--out", out, "--height", "64", "--width", "48", ...more);

  it("holds pixels, labels and the cells of lesions, with the chest wall at the left", async () => {
    await dataset(folder, 12);
    expect((await readdir(folder)).sort()).toEqual(["codes.u8", "dataset.json", "images.u8", "labels.csv"]);
    const images = await readFile(join(folder, "images.u8"));
    const [header, ...rows] = (await readFile(join(folder, "labels.csv"), "utf8")).trimEnd().split("\n");
    expect(header).toBe("index,patient,view,benign,malignant");
    expect(rows).toHaveLength(12);
    expect(images).toHaveLength(12 * 64 * 48);
    expect(rows.some((row) => row.includes(",R-"))).toBe(true);
    for (const [index, row] of rows.entries()) {
      const [, seed, view, benign, malignant] = row.split(",");
      const phantom = generatePhantom({ seed: Number(seed), height: 64, width: 48, bits: 8, view: view as "L-CC" });
      expect([Number(benign), Number(malignant)]).toEqual([phantom.labels.benign, phantom.labels.malignant]);
      const cells = (await readFile(join(folder, "codes.u8"))).subarray(index * 16 * 12, (index + 1) * 16 * 12);
      // The middle of each cell in the mask, mirrored as the pixels are.
      for (const [bit, kind] of [[1, "benign"] as const, [2, "malignant"] as const]) {
        const area = phantom.lesions.filter((one) => one.kind === kind).reduce((sum, { area }) => sum + area, 0);
        const marked = cells.filter((code) => (code & bit) !== 0).length;
        expect(Math.abs(16 * marked - area)).toBeLessThanOrEqual(16 + 0.5 * area);
      }
      const stored = images.subarray(index * 64 * 48, (index + 1) * 64 * 48);
      const source = phantom.pixels;
      const expected = source.map((_, i) => {
        const column = i % 48;
        return source[i - column + (view.startsWith("R") ? 47 - column : column)];
      });
      expect(Buffer.compare(stored, Buffer.from(Uint8Array.from(expected)))).toBe(0);
    }
  });

  it("goes on after an interruption, with threads, to the same bytes", async () => {
    const whole = join(folder, "whole");
    const parts = join(folder, "parts");
    await dataset(whole, 7);
    await dataset(parts, 4);
    await truncate(join(parts, "images.u8"), 64 * 48 * 3 + 100);
    await dataset(parts, 7, "--workers", "2");
    for (const name of ["images.u8", "codes.u8", "labels.csv", "dataset.json"]) {
      expect(Buffer.compare(await readFile(join(parts, name)), await readFile(join(whole, name)))).toBe(0);
    }
  });

  it("refuses a folder that holds other images", async () => {
    await dataset(folder, 1);
    const other = run("dataset", "--count", "1", "--seed", "41", "--out", folder, "--height", "64", "--width", "48");
    await expect(other).rejects.toMatchObject({ code: "invalid-request" });
  });
});
