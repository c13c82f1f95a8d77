import { existsSync, readFileSync } from "node:fs";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { specSchema } from "../../glam/spec.ts";
import { preprocess } from "./index.ts";

/** Real films may not be copied into the repository; the tests use them where they lie beside it. */
const folder = new URL("../../../../shared/data/mini-mias/", import.meta.url);
const here = existsSync(new URL("labels.csv", folder));
if (!here) console.info("Skipped: no mini-MIAS films in ../shared/data/mini-mias beside the repository.");

/** The compact spec at half its size, so that sixteen films take seconds. */
const compact = specSchema.parse(
  JSON.parse(readFileSync(new URL("../../../specs/glam-1536x1024.json", import.meta.url), "utf8")),
);
const spec = {
  ...compact,
  canvas: { height: compact.canvas.height / 2, width: compact.canvas.width / 2 },
  pixelSpacing: 2 * compact.pixelSpacing,
  preprocess: {
    erosion: Math.floor(compact.preprocess.erosion / 2),
    buffer: Math.floor(compact.preprocess.buffer / 2),
  },
};

/** Labels, tape, borders, scan lines, slow skin edges, breasts larger than the film, folds; most have an annotation. */
const films = "005 012 025 032 071 081 102 134 141 152 163 178 184 190 271 257".split(" ");

/** Circle centres (column, row) in source pixels. */
function circlesOf(film: string): [number, number][] {
  const line = readFileSync(new URL("labels.csv", folder), "utf8")
    .split("\n")
    .find((text) => text.startsWith(`mdb${film},`));
  return [...(line ?? "").matchAll(/:(\d+):(\d+):\d+/g)].map(([, col, row]) => [Number(col), Number(row)]);
}

describe.skipIf(!here)("films", () => {
  it.each(films)("mdb%s", (film) => {
    const { height, width, data } = decode(readFileSync(new URL(`mdb${film}.png`, folder)));
    const image = { height, width, bits: 8, pixels: Uint8Array.from(data) };
    const { canvas, steps, scale, mirrored, toCanvas } = preprocess(image, spec, { view: "L-MLO", pixelSpacing: 0.2 });
    expect(steps.background).toBe("film");
    expect(scale).toBeCloseTo(0.2 / 0.34, 9);
    // Odd films are left breasts with the chest wall on the right.
    expect(mirrored).toBe(Number(film) % 2 === 1);
    let inside = 0;
    for (const pixel of canvas.pixels) if (pixel > 0) inside++;
    expect(inside / canvas.pixels.length).toBeGreaterThan(0.1);
    // What reaches the far top corner is a label; the breast never does on these films, but the two that overfill them.
    const corner = canvas.pixels[3 * canvas.width + canvas.width - 3];
    if (!["134", "141", "152"].includes(film)) expect(corner).toBe(0);
    for (const [col, row] of circlesOf(film)) {
      const at = toCanvas(row, col);
      expect(at.row).toBeGreaterThanOrEqual(0);
      expect(at.col).toBeGreaterThanOrEqual(0);
      expect(canvas.pixels[Math.round(at.row) * canvas.width + Math.round(at.col)]).toBeGreaterThan(0);
    }
  });
});
