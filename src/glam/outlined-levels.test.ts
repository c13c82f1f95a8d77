import { expect, test } from "vitest";
import { outlinedLevels } from "./outlined-levels.ts";

const size = { height: 3, width: 5 };

test("areas of fewer pixels go, those of enough stay, and what is below the level is left alone", () => {
  const levels = Uint8Array.from([200, 0, 9, 200, 200, 0, 0, 0, 200, 0, 200, 0, 0, 0, 0]);
  // 3 rows of 5: one pixel at the left, three that touch at the right, one below the first but for a gap.
  const kept = outlinedLevels(levels, size, { threshold: 128, leastPixels: 3 });
  expect([...kept]).toEqual([0, 0, 9, 200, 200, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0]);
  expect(outlinedLevels(levels, size, { threshold: 128 })).toEqual(levels);
});

test("an area that reaches the lower threshold stays where some pixel of it reaches the upper one", () => {
  const levels = Uint8Array.from([60, 61, 0, 60, 60, 59, 200, 0, 0, 60, 0, 0, 0, 0, 0]);
  const kept = outlinedLevels(levels, size, { threshold: 200, low: 60 });
  expect([...kept]).toEqual([60, 61, 0, 0, 0, 59, 200, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(outlinedLevels(levels, size, { threshold: 201, low: 60 }).every((level) => level < 60)).toBe(true);
});
