import { expect, test } from "vitest";
import { placementOf, viewIn } from "./placement.ts";
import { scaleOf } from "./viewpoint.ts";

const canvas = { height: 100, width: 60, pixels: new Uint8Array(6000) };
const source = { height: 400, width: 300 };
const prepared = { canvas, scale: 0.5, corner: { left: 40, top: 20 } };

test("the model's input lies in the original at its corner, and alone at 0", () => {
  expect(placementOf(source, prepared, true)).toEqual({ image: { height: 200, width: 150 }, left: 40, top: 20 });
  expect(placementOf(source, prepared, false)).toEqual({ image: { height: 100, width: 60 }, left: 0, top: 0 });
});

test("a place keeps its size and its middle when the original and the model's input change places", () => {
  const viewport = { height: 500, width: 500 };
  const [from, to] = [placementOf(source, prepared, true), placementOf(source, prepared, false)];
  const view = { zoom: 4, x: 70, y: 60 };
  const moved = viewIn(view, from, to, viewport);
  expect([moved.x, moved.y]).toEqual([30, 40]);
  expect(scaleOf(moved, { image: to.image, viewport })).toBeCloseTo(scaleOf(view, { image: from.image, viewport }));
  expect(viewIn(moved, to, from, viewport)).toEqual(view);
});
