import { describe, expect, test } from "vitest";
import { clampViewpoint, panBy, scaleOf, showBox, shownBox, toImage, wholeImage, zoomAt } from "./viewpoint.ts";

const frame = { image: { height: 1472, width: 960 }, viewport: { height: 600, width: 800 } };

describe("viewpoint", () => {
  test("the whole image fits, and no edge comes further in", () => {
    const whole = wholeImage(frame);
    expect(scaleOf(whole, frame)).toBeCloseTo(600 / 1472);
    expect(panBy(300, 200, whole, frame)).toEqual(whole);
    expect(clampViewpoint({ zoom: 0.2, x: 0, y: 0 }, frame)).toEqual(whole);
  });

  test("what is under the pointer stays there when zooming", () => {
    const point = { x: 430, y: 210 };
    const start = zoomAt({ x: 400, y: 300 }, 4, wholeImage(frame), frame);
    const before = toImage(point, start, frame);
    const after = toImage(point, zoomAt(point, 1.7, start, frame), frame);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  test("panning moves the image by as many screen pixels", () => {
    const start = zoomAt({ x: 400, y: 300 }, 6, wholeImage(frame), frame);
    const moved = panBy(24, -12, start, frame);
    const scale = scaleOf(start, frame);
    expect((start.x - moved.x) * scale).toBeCloseTo(24);
    expect((start.y - moved.y) * scale).toBeCloseTo(-12);
  });

  test("a box that is shown is in the middle and wholly visible; mirrored ones are mirrored", () => {
    const box = shownBox({ top: 700, left: 100, height: 256, width: 256 }, frame.image, true);
    expect(box.left).toBe(960 - 100 - 256);
    const view = showBox(box, frame);
    const corner = toImage({ x: 0, y: 0 }, view, frame);
    const opposite = toImage({ x: 800, y: 600 }, view, frame);
    expect(corner.x).toBeLessThan(box.left);
    expect(corner.y).toBeLessThan(box.top);
    expect(opposite.x).toBeGreaterThan(box.left + box.width);
    expect(opposite.y).toBeGreaterThan(box.top + box.height);
  });
});
