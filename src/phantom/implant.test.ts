import { describe, expect, it } from "vitest";
import { generatePhantom } from "./generate.ts";
import { implantLesions } from "./implant.ts";

const spacing = 206 / 368;
const film = generatePhantom({ seed: 5, height: 368, width: 240, bits: 8, view: "L-MLO", lesions: 0 });

/** Pixels that differ, and the sum of what was added. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>) {
  const where = Array.from({ length: a.length }, (_, i) => i).filter((i) => a[i] !== b[i]);
  return { where, added: where.reduce((sum, i) => sum + b[i] - a[i], 0) };
}

describe("implantLesions", () => {
  it("changes nothing without lesions", () => {
    expect(implantLesions(film, spacing, 3, [])).toEqual(film.pixels);
  });

  it.each(["benign", "malignant"] as const)(
    "adds a %s lesion that is brighter than the tissue, in one place, on the breast",
    (kind) => {
      for (let seed = 0; seed < 12; seed++) {
        const image = implantLesions(film, spacing, seed, [kind]);
        if (image === undefined) throw new Error(`seed ${seed} found no place`);
        const { where, added } = difference(film.pixels, image);
        expect(where.length).toBeGreaterThan(10);
        expect(added / where.length).toBeGreaterThan(1);
        const rows = where.map((i) => Math.floor(i / film.width));
        expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(90 / spacing);
        for (let i = 0; i < image.length; i++) expect(image[i] === 0).toBe(film.pixels[i] === 0);
      }
    },
  );

  it("gives the same bytes for a seed, and draws the same benign lesion beside a malignant one", () => {
    const benign = implantLesions(film, spacing, 8, ["benign"]) ?? [];
    const both = implantLesions(film, spacing, 8, ["benign", "malignant"]) ?? [];
    expect(implantLesions(film, spacing, 8, ["benign", "malignant"])).toEqual(both);
    const first = difference(film.pixels, benign).where;
    const same = first.filter((i) => both[i] === benign[i]).length;
    expect(same / first.length).toBeGreaterThan(0.95);
    expect(difference(benign, both).where.length).toBeGreaterThan(10);
  });

  it("answers undefined where no lesion fits", () => {
    const empty = { height: 64, width: 48, pixels: new Uint8Array(64 * 48) };
    expect(implantLesions(empty, 1, 1, ["benign"])).toBeUndefined();
  });
});
