import { expect, test } from "vitest";
import { traceContours } from "../../src/glam/contours.ts";
import { rowsOf } from "../../src/glam/fused-map.ts";
import { contoursOf } from "./contours.ts";

const size = { height: 60, width: 80 };
/** Two hills, one of them with a pit, away from the edges; a third one at the edge. */
const levels = Uint8Array.from({ length: size.height * size.width }, (_, i) => {
  const [y, x] = [Math.floor(i / size.width), i % size.width];
  const hill = (row: number, col: number, height: number, spread: number) =>
    height * Math.exp(-((y - row) ** 2 + (x - col) ** 2) / spread);
  return Math.max(
    0,
    Math.round(hill(20, 30, 250, 60) - hill(20, 30, 240, 9) + hill(40, 55, 200, 30) + hill(59, 79, 120, 20)),
  );
});

test.each([0.1, 0.4, 0.6, 0.9, 0.99])(
  "at threshold %f the contours are those of the map as probabilities",
  (threshold) => {
    const data = Float32Array.from([...levels, ...levels], (level) => level);
    const whole = traceContours(rowsOf({ ...size, data }, 0), { threshold: threshold * 255 });
    const maps = { ...size, benign: levels, malignant: levels };
    expect(contoursOf({ maps }, "benign", threshold)).toEqual(whole);
    expect(whole.reduce((sum, { areaPixels }) => sum + areaPixels, 0)).toBe(
      levels.filter((level) => level >= threshold * 255).length,
    );
  },
);

test("at the answer's threshold they are the answer's, at any other they are traced here", () => {
  const maps = { ...size, benign: levels, malignant: new Uint8Array(levels.length) };
  const contours = { threshold: 0.45, lowThreshold: 0.45, benign: [], malignant: [] };
  const slot = { maps, answer: { contours } } as unknown as Parameters<typeof contoursOf>[0];
  expect(contoursOf(slot, "benign", 0.45)).toBe(contours.benign);
  const traced = contoursOf(slot, "benign", 0.4);
  expect(traced.length).toBe(3);
  expect(contoursOf(slot, "benign", 0.4)).toBe(traced);
  expect(contoursOf(slot, "malignant", 0.4)).toEqual([]);
});
