import { expect, test } from "vitest";
import { problemOf } from "../../../test/support/tiles.ts";
import type { Canvas } from "../../glam/contracts.ts";
import { checkBackground } from "./background.ts";
import { edges } from "./edges.ts";

const height = 320;
const width = 200;

/** A half ellipse of textured tissue on the left edge, drawn on `background(y, x)`. */
function breast(
  background: (y: number, x: number) => number,
  shape: { reach?: number; half?: number; scale?: number } = {},
): Canvas {
  const { reach = 150, half = 140, scale = 1 } = shape;
  const pixels = scale === 1 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = ((y - height / 2) / half) ** 2 + (x / reach) ** 2 < 1;
      const tissue = 120 + 50 * Math.sin(x / 9 + y / 7);
      pixels[y * width + x] = Math.round(scale * (inside ? tissue : background(y, x)));
    }
  }
  return { height, width, pixels };
}

/** 0, 1 or 2, scattered over the canvas. */
const noise = (y: number, x: number) => (Math.imul(y * width + x, 2654435761) >>> 16) % 3;
const problem = (canvas: Canvas) => problemOf(() => checkBackground(canvas));

test("a breast on a background of 0 passes without a warning", () => {
  expect(checkBackground(breast(() => 0))).toEqual([]);
  expect(checkBackground(breast(() => 0, { scale: 16 }))).toEqual([]);
});

test("a breast that fills all of the window but its corners passes", () => {
  const canvas = breast(() => 0, { reach: 205, half: 240 });
  const zeros = canvas.pixels.filter((value) => value === 0).length / canvas.pixels.length;
  expect(zeros).toBeLessThan(0.07);
  expect(checkBackground(canvas)).toEqual([]);
});

test("ringing around the breast, as JPEG leaves it, is no reason for a warning", () => {
  const ringing = (y: number, x: number) => {
    const distance = ((y - height / 2) / 148) ** 2 + (x / 158) ** 2;
    return distance < 1 ? noise(y, x) : 0;
  };
  expect(checkBackground(breast(ringing))).toEqual([]);
});

test.each([1, 12, 40])("a background of %d is refused", (value) => {
  expect(problem(breast(() => value))).toBe("background-not-zero");
});

test("an offset background is refused although the canvas around the film is 0", () => {
  const film = (y: number, x: number) => (y < 300 && x < 180 ? 12 : 0);
  expect(problem(breast(film))).toBe("background-not-zero");
  const noisyFilm = (y: number, x: number) => (y < 300 && x < 180 ? 12 + noise(y, x) : 0);
  expect(problem(breast(noisyFilm))).toBe("background-not-zero");
});

test("an image in which air is white is refused, padded or not", () => {
  expect(problem(breast(() => 255))).toBe("background-not-zero");
  expect(problem(breast((y, x) => (y < 300 && x < 180 ? 255 : 0)))).toBe("background-not-zero");
});

test("noise in a background that is often 0 is a warning", () => {
  const [warning] = checkBackground(breast(noise));
  expect(warning).toMatchObject({ code: "background-noisy" });
});

test("tissue that is cut off where tiles are missing passes", () => {
  const canvas = breast(() => 0, { reach: 400, half: 400 });
  for (let y = 0; y < height; y++) canvas.pixels.fill(0, y * width + 128, (y + 1) * width);
  expect(checkBackground(canvas)).toEqual([]);
});

test("strong noise that is cut off at 0 is a warning too", () => {
  const strong = (y: number, x: number) => Math.max(0, 40 * noise(y, x) - 30);
  const [warning] = checkBackground(breast(strong));
  expect(warning).toMatchObject({ code: "background-noisy" });
});

test("a breast that grows from the right edge is refused, also inside a larger canvas", () => {
  const canvas = breast(() => 0, { reach: 120 });
  for (let y = 0; y < height; y++) canvas.pixels.subarray(y * width, (y + 1) * width).reverse();
  expect(problem(canvas)).toBe("orientation-unclear");
  canvas.pixels.copyWithin(0, 30);
  for (let y = 0; y < height; y++) canvas.pixels.fill(0, (y + 1) * width - 30, (y + 1) * width);
  expect(problem(canvas)).toBe("orientation-unclear");
});

test("edges reads 1 % of the columns at both ends of the box around what is not 0", () => {
  const pixels = new Uint8Array(10 * 12);
  // Box: rows 2 to 5, columns 3 to 9; one column is 1 % of 7, rounded up.
  pixels[2 * 12 + 3] = 9;
  pixels[3 * 12 + 9] = 50;
  pixels[5 * 12 + 9] = 70;
  expect(edges({ height: 10, width: 12, pixels })).toEqual({
    near: { zeroShare: 0.75, median: 0, spread: 9 },
    far: { zeroShare: 0.5, median: 50, spread: 70 },
  });
});
