import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { generatePhantom, viewOfSeed } from "../../src/phantom/index.ts";
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

  it("holds pixels and image labels, with the chest wall at the left, and no masks", async () => {
    await dataset(folder, 12);
    expect((await readdir(folder)).sort()).toEqual(["dataset.json", "images.u8", "labels.csv"]);
    const images = await readFile(join(folder, "images.u8"));
    const [header, ...rows] = (await readFile(join(folder, "labels.csv"), "utf8")).trimEnd().split("\n");
    expect(header).toBe("index,seed,view,benign,malignant");
    expect(rows).toHaveLength(12);
    expect(images).toHaveLength(12 * 64 * 48);
    expect(rows.some((row) => row.includes(",R-"))).toBe(true);
    for (const [index, row] of rows.entries()) {
      const [, seed, view, benign, malignant] = row.split(",");
      const phantom = generatePhantom({ seed: Number(seed), height: 64, width: 48, bits: 8, view: view as "L-CC" });
      expect([Number(benign), Number(malignant)]).toEqual([phantom.labels.benign, phantom.labels.malignant]);
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
    for (const name of ["images.u8", "labels.csv", "dataset.json"]) {
      expect(Buffer.compare(await readFile(join(parts, name)), await readFile(join(whole, name)))).toBe(0);
    }
  });

  it("draws a film's lesions into phantoms, four images of a breast that differ in nothing else", async () => {
    const size = ["--height", "368", "--width", "240"];
    await run(
      "dataset",
      "--count",
      "4",
      "--seed",
      "7",
      "--out",
      folder,
      ...size,
      "--lesions-each",
      "1",
      "--film-lesions",
    );
    const images = await readFile(join(folder, "images.u8"));
    const rows = (await readFile(join(folder, "labels.csv"), "utf8")).trim().split("\n").slice(1);
    expect(rows.map((row) => row.split(",").slice(3).join())).toEqual(["0,0", "1,0", "0,1", "1,1"]);
    const [none, ...others] = [0, 1, 2, 3].map((n) => images.subarray(n * 368 * 240, (n + 1) * 368 * 240));
    const left = viewOfSeed(7).endsWith("MLO") ? "L-MLO" : "L-CC";
    const normal = generatePhantom({ seed: 7, height: 368, width: 240, bits: 8, view: left, lesions: 0 });
    expect(Buffer.compare(none, Buffer.from(normal.pixels))).toBe(0);
    for (const one of others) {
      const changed = one.filter((value, i) => value !== none[i]).length;
      expect(changed).toBeGreaterThan(10);
      expect(changed).toBeLessThan(0.1 * one.length);
    }
  });

  it("refuses a film's lesions in other numbers than one", async () => {
    for (const each of [[], ["--lesions-each", "2"]])
      await expect(
        run("dataset", "--count", "4", "--seed", "1", "--out", folder, ...each, "--film-lesions"),
      ).rejects.toMatchObject({
        code: "invalid-request",
      });
  });

  it("refuses a folder that holds other images", async () => {
    await dataset(folder, 1);
    const other = run("dataset", "--count", "1", "--seed", "41", "--out", folder, "--height", "64", "--width", "48");
    await expect(other).rejects.toMatchObject({ code: "invalid-request" });
  });
});
