import { describe, expect, it } from "vitest";
import type { ProblemCode } from "../../glam/problem.ts";
import { halfEllipse, mirrored, testSpec } from "./fixture.ts";
import { type GreyImage, type Preprocessed, type PreprocessOptions, preprocess } from "./index.ts";

const spec = testSpec(80, 60);
const view = "L-MLO";

/** Every canvas pixel is the source pixel that `toSource` names, or padding. */
function expectSamePixels(image: GreyImage, { canvas, toSource, toCanvas }: Preprocessed): void {
  let wrong = 0;
  for (let row = 0; row < canvas.height; row++) {
    for (let col = 0; col < canvas.width; col++) {
      const at = toSource(row, col);
      const back = toCanvas(at.row, at.col);
      const inside = at.row >= 0 && at.col >= 0 && at.row < image.height && at.col < image.width;
      const source = inside ? image.pixels[at.row * image.width + at.col] : 0;
      if (canvas.pixels[row * canvas.width + col] !== source || back.row !== row || back.col !== col) wrong++;
    }
  }
  expect(wrong).toBe(0);
}

describe("a clean export", () => {
  it.each([8, 12, 16])("goes through in %i bits, pixel by pixel", (bits) => {
    const image = halfEllipse(80, 60, { bits });
    const result = preprocess(image, spec, { view });
    expect(result).toMatchObject({ bits, scale: 1, mirrored: false, warnings: [], pixelSpacing: undefined });
    expect(result.steps).toMatchObject({ background: "zero", chestWall: "left" });
    expect(result.canvas.pixels.constructor).toBe(image.pixels.constructor);
    expectSamePixels(image, result);
  });

  it("finds the chest wall in the pixels, whatever the view says", () => {
    const image = halfEllipse(80, 60, { centre: 30 });
    const straight = preprocess(image, spec, { view: "R-CC" });
    const turned = preprocess(mirrored(image), spec, { view: "R-CC" });
    expect([straight.mirrored, turned.mirrored]).toEqual([false, true]);
    expect(turned.canvas).toEqual(straight.canvas);
    expectSamePixels(mirrored(image), turned);
    const { crop } = straight.steps;
    expect(turned.steps.crop).toEqual({ ...crop, left: 60 - crop.left - crop.width });
    expect(preprocess(image, spec, { view, chestWall: "right" }).mirrored).toBe(true);
  });

  it("pads CC views at top and bottom and MLO views at the bottom", () => {
    const image = halfEllipse(80, 60, { centre: 35, down: 20 });
    const cc = preprocess(image, spec, { view: "L-CC" });
    const mlo = preprocess(image, spec, { view: "L-MLO" });
    const { height } = cc.steps.scaledCrop;
    expect(height).toBeLessThan(80);
    expect(cc.steps.window).toEqual({ row: -Math.floor((80 - height) / 2), col: 0 });
    expect(mlo.steps.window).toEqual({ row: 0, col: 0 });
    // The buffer of three rows lies above the breast, as opened; its tip is one row wide and goes.
    const firstRow = (r: Preprocessed) => Math.floor(r.canvas.pixels.findIndex((v) => v > 0) / 60);
    expect(firstRow(cc) - firstRow(mlo)).toBe(-cc.steps.window.row);
    expectSamePixels(image, cc);
    expectSamePixels(image, mlo);
  });

  it("cuts a breast that is larger than the canvas at its rightmost point and says so", () => {
    const image = halfEllipse(150, 120, { down: 70, across: 100 });
    const result = preprocess(image, spec, { view, pixelSpacing: 1 });
    const { rightmost, window, scaledCrop } = result.steps;
    expect(window.col).toBe(rightmost + 1 - 60);
    expect(scaledCrop.height).toBeGreaterThan(80);
    expect(result.warnings.map(({ code }) => code)).toEqual(["breast-outside-window"]);
    expectSamePixels(image, result);
  });

  it("keeps specks apart from the breast when told that the background is zero", () => {
    const image = halfEllipse(80, 60);
    image.pixels[3 * 60 + 20] = 9;
    image.pixels[40 * 60 + 44] = 7;
    const result = preprocess(image, spec, { view, background: "zero" });
    const { row, col } = result.toCanvas(40, 44);
    expect(result.canvas.pixels[row * 60 + col]).toBe(7);
    expect(result.steps.film).toBeUndefined();
  });
});

describe("scale", () => {
  it("comes from the pixel spacing, and points map both ways", () => {
    const image = halfEllipse(200, 150);
    const result = preprocess(image, spec, { view, pixelSpacing: 0.4 });
    expect(result).toMatchObject({ scale: 0.4, pixelSpacing: 1, warnings: [] });
    const point = result.toCanvas(100, 40);
    const back = result.toSource(point.row, point.col);
    expect([back.row, back.col]).toEqual([expect.closeTo(100, 9), expect.closeTo(40, 9)]);
    // The middle of the breast is about as bright as the source's neighbourhood: textures average to 0.64 of 255.
    expect(result.canvas.pixels[Math.round(point.row) * 60 + Math.round(point.col)]).toBeGreaterThan(120);
    // The nipple: half a source pixel beyond the last one.
    expect(result.steps.rightmost).toBeCloseTo(0.4 * 105, -0.5);
  });

  it("takes the height of the image for the canvas's when the spacing is unknown", () => {
    const result = preprocess(halfEllipse(120, 90), spec, { view });
    expect(result.scale).toBeCloseTo(2 / 3, 9);
    expect(result.warnings.map(({ code }) => code)).toEqual(["pixel-spacing-unknown"]);
    expect(preprocess(halfEllipse(80, 50), spec, { view }).warnings).toEqual([]);
  });

  it("does not resample for a spacing that is nominally the spec's", () => {
    expect(preprocess(halfEllipse(80, 60), spec, { view, pixelSpacing: 1.006 }).scale).toBe(1);
  });
});

describe("refusals", () => {
  const good = halfEllipse(80, 60);
  const filled = (value: number) => ({ ...good, pixels: new Uint8Array(4800).fill(value) });
  const bar = { ...good, pixels: good.pixels.map((_, i) => (i % 60 > 15 && i % 60 < 45 ? 60 + (i % 131) : 0)) };
  const specks = { ...good, pixels: good.pixels.map((_, i) => (i % 17 === 0 && i % 60 < 20 ? 200 : 0)) };
  const negative = { ...good, pixels: good.pixels.map((v) => 255 - v) };
  const cases: [ProblemCode, string, GreyImage, Partial<PreprocessOptions>?][] = [
    ["image-unreadable", "too few pixels", { ...good, pixels: good.pixels.subarray(1) }],
    ["image-unreadable", "three channels", { ...good, pixels: new Uint8Array(3 * 4800) }],
    ["image-unreadable", "a size that is none", { ...good, height: 80.5 }],
    ["image-unreadable", "a huge size", { ...good, height: 20000, width: 20000 }],
    ["image-unreadable", "bits that the words do not have", { ...good, bits: 12 }],
    ["image-unreadable", "pixels beyond the bits", { ...good, bits: 12, pixels: new Uint16Array(4800).fill(4096) }],
    ["image-unreadable", "too many pixels once scaled", halfEllipse(6000, 2000), { pixelSpacing: 3.9 }],
    ["image-too-small", "few pixels", halfEllipse(31, 60)],
    ["image-too-small", "pixels of four millimetres", good, { pixelSpacing: 4.1 }],
    ["image-too-small", "less than the erosion once scaled", good, { pixelSpacing: 0.05 }],
    ["constant-image", "black", filled(0)],
    ["constant-image", "grey", filled(77)],
    ["breast-not-found", "specks on black", specks],
    ["breast-not-found", "specks on black, taken as they are", specks, { background: "zero", chestWall: "left" }],
    ["breast-not-found", "a negative", negative],
    ["orientation-unclear", "a bar in the middle", bar],
    ["orientation-unclear", "a bar in the middle, CC", bar, { view: "L-CC" }],
    ["invalid-request", "no spacing", good, { pixelSpacing: 0 }],
    ["invalid-request", "a spacing that is no number", good, { pixelSpacing: Number.NaN }],
  ];

  it.each(cases)("%s: %s", (code, _what, image, options) => {
    expect(() => preprocess(image, spec, { view, ...options })).toThrow(expect.objectContaining({ code }));
  });

  it("names the way out when the orientation is unclear", () => {
    expect(() => preprocess(bar, spec, { view })).toThrow(/chestWall/);
    expect(preprocess(bar, spec, { view, chestWall: "right" }).mirrored).toBe(true);
  });
});
