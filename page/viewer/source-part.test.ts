import { expect, test } from "vitest";
import { meansOfPart, visiblePart } from "./source-part.ts";

const image = { height: 6, width: 5, pixels: Uint16Array.from({ length: 30 }, (_, i) => i * 10) };

test("at a scale of 1 and more the part is the image's own pixels, and no more than is seen", () => {
  const part = visiblePart(image, { scale: 10, left: -15, top: 0, viewport: { height: 20, width: 20 } });
  expect(part).toEqual({ box: { left: 1, top: 0, width: 3, height: 2 }, factor: 1 });
  if (part) expect([...meansOfPart(image, part).pixels]).toEqual([10, 20, 30, 60, 70, 80]);
});

test("a part seen small is means over squares, smaller ones at the edges", () => {
  const part = visiblePart(image, { scale: 0.4, left: 0, top: 0, viewport: { height: 100, width: 100 } });
  expect(part).toEqual({ box: { left: 0, top: 0, width: 5, height: 6 }, factor: 2 });
  if (!part) return;
  const { height, width, pixels } = meansOfPart(image, part);
  expect([height, width]).toEqual([3, 3]);
  // (0 + 10 + 50 + 60) / 4, and the last column's (40 + 90) / 2.
  expect([...pixels.subarray(0, 3)]).toEqual([30, 50, 65]);
});

test("an image outside the viewport has no part", () => {
  expect(visiblePart(image, { scale: 1, left: 50, top: 0, viewport: { height: 20, width: 20 } })).toBeUndefined();
});
