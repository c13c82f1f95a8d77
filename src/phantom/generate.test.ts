import { describe, expect, it } from "vitest";
import { GlamError } from "../glam/problem.ts";
import { createAnatomy, pectoralDepth } from "./anatomy.ts";
import { classMask, generatePhantom, viewOfSeed } from "./generate.ts";
import { type Phantom, type PhantomOptions, views } from "./types.ts";

const tiny: PhantomOptions = { seed: 11, height: 128, width: 96, bits: 8, view: "L-MLO" };

/** FNV-1a over pixel values. */
function hash(values: ArrayLike<number>): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < values.length; i++) h = Math.imul(h ^ values[i], 0x01000193);
  return h >>> 0;
}

/** Checks what must hold for every phantom whose background is 0. */
function expectSound(phantom: Phantom): void {
  const { height, width, pixels, lesions, labels } = phantom;
  expect(pixels.length).toBe(height * width);
  for (const { kind, box, mask, area, centre } of lesions) {
    expect(box.top).toBeGreaterThanOrEqual(0);
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.top + box.height).toBeLessThanOrEqual(height);
    expect(box.left + box.width).toBeLessThanOrEqual(width);
    expect(mask.length).toBe(box.height * box.width);
    let count = 0;
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      count += 1;
      const at = (box.top + Math.floor(i / box.width)) * width + box.left + (i % box.width);
      expect(pixels[at]).toBeGreaterThan(0);
    }
    expect(count).toBe(area);
    expect(area).toBeGreaterThan(0);
    expect(centre.row).toBeGreaterThanOrEqual(box.top);
    expect(centre.row).toBeLessThan(box.top + box.height);
    expect(centre.col).toBeGreaterThanOrEqual(box.left);
    expect(centre.col).toBeLessThan(box.left + box.width);
    expect(labels[kind]).toBe(1);
  }
  for (const kind of ["benign", "malignant"] as const) {
    const cells = classMask(phantom, kind).reduce((sum, value) => sum + value, 0);
    const areas = lesions.filter((lesion) => lesion.kind === kind).reduce((sum, lesion) => sum + lesion.area, 0);
    expect(cells).toBe(areas);
    expect(labels[kind]).toBe(areas > 0 ? 1 : 0);
  }
}

describe("generatePhantom", () => {
  it("gives the same bytes for a seed on every machine, and other bytes for another seed", () => {
    expect(hash(generatePhantom(tiny).pixels)).toBe(1681697643);
    expect(hash(generatePhantom({ ...tiny, seed: 12, view: "R-CC", bits: 12, lesions: 3 }).pixels)).toBe(2617578649);
    expect(hash(generatePhantom({ ...tiny, seed: 13 }).pixels)).not.toBe(1681697643);
  });

  it.each(views)("draws %s with a strictly black background on the side away from the chest wall", (view) => {
    const phantom = generatePhantom({ ...tiny, view, lesions: 2 });
    expectSound(phantom);
    const { pixels, width, height } = phantom;
    const column = (c: number) => Array.from({ length: height }, (_, row) => pixels[row * width + c]);
    const [chest, air] = view.startsWith("L") ? [0, width - 1] : [width - 1, 0];
    expect(column(chest).filter((value) => value > 0).length).toBeGreaterThan(height / 2);
    expect(column(air).every((value) => value === 0)).toBe(true);
    const share = pixels.filter((value) => value > 0).length / pixels.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.75);
  });

  it("gives each row of a CC view one run of breast, with no hole in it", () => {
    const { pixels, width, height } = generatePhantom({ ...tiny, view: "L-CC" });
    for (let row = 0; row < height; row++) {
      const line = [...pixels.subarray(row * width, (row + 1) * width)];
      const end = line.indexOf(0);
      expect(line.slice(end).every((value) => value === 0)).toBe(true);
    }
  });

  it("mirrors a left view into the right one, lesions included", () => {
    const left = generatePhantom({ ...tiny, view: "L-CC", lesions: 2 });
    const right = generatePhantom({ ...tiny, view: "R-CC", lesions: 2 });
    const width = left.width;
    expect(right.pixels.every((v, i) => v === left.pixels[i - (i % width) + width - 1 - (i % width)])).toBe(true);
    const masks = [classMask(left, "benign"), classMask(right, "benign")];
    expect(masks[1].every((v, i) => v === masks[0][i - (i % width) + width - 1 - (i % width)])).toBe(true);
  });

  it.each([
    [301, 197],
    [128, 96],
    [64, 32],
    [400, 110],
    [200, 400],
  ])("draws %i x %i pixels with three lesions", (height, width) => {
    const phantom = generatePhantom({ seed: 3, height, width, bits: 8, view: "L-MLO", lesions: 3 });
    expect(phantom.lesions).toHaveLength(3);
    expectSound(phantom);
  });

  it("keeps the breast when only the pixels get smaller", () => {
    const small = generatePhantom({ ...tiny, lesions: ["benign"] });
    const large = generatePhantom({ ...tiny, height: 384, width: 288, lesions: ["benign"] });
    const [a, b] = [small.lesions[0], large.lesions[0]];
    expect(b.sub).toBe(a.sub);
    expect(Math.abs(b.centre.row / 3 - a.centre.row)).toBeLessThan(1);
    expect(b.area / 9 / a.area).toBeGreaterThan(0.7);
    expect(b.area / 9 / a.area).toBeLessThan(1.4);
  });

  it.each([8, 9, 12, 16])("uses the range of %i bits", (bits) => {
    const { pixels } = generatePhantom({ ...tiny, bits, density: 0.7 });
    expect(pixels).toBeInstanceOf(bits === 8 ? Uint8Array : Uint16Array);
    const high = Array.from(pixels).reduce((most, value) => Math.max(most, value), 0);
    expect(high).toBeLessThan(2 ** bits);
    expect(high).toBeGreaterThan(0.5 * 2 ** bits);
    expect(new Set(pixels).size).toBeGreaterThan(bits === 8 ? 100 : 200);
  });

  it("makes denser breasts brighter", () => {
    const mean = (density: number) => {
      const inside = Array.from(generatePhantom({ ...tiny, density, lesions: 0 }).pixels).filter((value) => value > 0);
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    };
    expect(mean(1)).toBeGreaterThan(mean(0) * 1.15);
  });

  it("draws the kinds that are asked for, and none when none are", () => {
    const kinds = ["malignant", "benign", "benign"] as const;
    expect(generatePhantom({ ...tiny, lesions: kinds }).lesions.map((lesion) => lesion.kind)).toEqual(kinds);
    const empty = generatePhantom({ ...tiny, lesions: 0 });
    expect(empty.lesions).toEqual([]);
    expect(empty.labels).toEqual({ benign: 0, malignant: 0 });
  });

  it("changes pixels only around the lesions, and every lesion shows", () => {
    const options: PhantomOptions = { seed: 21, height: 368, width: 240, bits: 12, view: "L-CC" };
    const without = generatePhantom({ ...options, lesions: 0 });
    const phantom = generatePhantom({ ...options, lesions: ["benign", "malignant"] });
    for (const { box, mask } of phantom.lesions) {
      let gain = 0;
      let count = 0;
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] === 0) continue;
        const at = (box.top + Math.floor(i / box.width)) * phantom.width + box.left + (i % box.width);
        gain += phantom.pixels[at] - without.pixels[at];
        count += 1;
      }
      expect(gain / count).toBeGreaterThan(0.015 * 4096);
    }
    const margin = 8 / phantom.pixelSpacing;
    const near = (row: number, col: number) =>
      phantom.lesions.some(
        ({ box }) =>
          row > box.top - margin &&
          row < box.top + box.height + margin &&
          col > box.left - margin &&
          col < box.left + box.width + margin,
      );
    const changed = phantom.pixels.findIndex(
      (value, i) => value !== without.pixels[i] && !near(Math.floor(i / phantom.width), i % phantom.width),
    );
    expect(changed).toBe(-1);
  });

  it("keeps lesions out of the pectoral muscle", () => {
    for (let seed = 0; seed < 12; seed++) {
      const phantom = generatePhantom({ ...tiny, seed, lesions: 3 });
      const { width, pixelSpacing } = phantom;
      const anatomy = createAnatomy({ seed, mlo: true, width: width * pixelSpacing });
      for (const { box, mask } of phantom.lesions) {
        for (let i = 0; i < mask.length; i++) {
          const x = (box.left + (i % box.width) + 0.5) * pixelSpacing;
          const y = (box.top + Math.floor(i / box.width) + 0.5) * pixelSpacing;
          if (mask[i] === 1) expect(pectoralDepth(anatomy, x, y)).toBeLessThan(0);
        }
      }
    }
  });

  it("samples about a quarter without lesions and both kinds alike", () => {
    const counts = [0, 0, 0, 0];
    const kinds = { benign: 0, malignant: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const { lesions } = generatePhantom({ seed, height: 64, width: 48, bits: 8, view: viewOfSeed(seed) });
      counts[lesions.length] += 1;
      for (const { kind } of lesions) kinds[kind] += 1;
    }
    expect(counts[0] / 300).toBeCloseTo(0.25, 1);
    expect(counts[1] / 300).toBeCloseTo(0.6, 1);
    expect(kinds.benign / (kinds.benign + kinds.malignant)).toBeCloseTo(0.5, 1);
  });

  it("adds a film's border, label and fog outside the breast only when asked", () => {
    const options: PhantomOptions = { seed: 5, height: 368, width: 240, bits: 8, view: "R-MLO" };
    const plain = generatePhantom(options);
    const framed = generatePhantom({ ...options, framed: true });
    let bright = 0;
    let fog = 0;
    for (let i = 0; i < plain.pixels.length; i++) {
      if (plain.pixels[i] > 0) continue;
      if (framed.pixels[i] > 180) bright += 1;
      else if (framed.pixels[i] > 0) fog += 1;
    }
    expect(bright).toBeGreaterThan(500);
    expect(fog).toBeGreaterThan(bright);
    expect(framed.lesions).toEqual(plain.lesions);
  });

  it.each([
    ["seed", { seed: -1 }],
    ["seed", { seed: 0.5 }],
    ["height", { height: 12 }],
    ["width", { width: 20000 }],
    ["width", { height: 4000, width: 500 }],
    ["bits", { bits: 7 }],
    ["view", { view: "L-XX" as "L-CC" }],
    ["density", { density: Number.NaN }],
    ["lesions", { lesions: 7 }],
    ["lesions", { lesions: ["odd" as "benign"] }],
  ])("refuses a wrong %s", (at, wrong) => {
    const error = (() => {
      try {
        return generatePhantom({ ...tiny, ...wrong });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(GlamError);
    expect(error).toMatchObject({ code: "invalid-request", at });
  });
});
