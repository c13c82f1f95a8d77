import { expect, test } from "vitest";
import { fairLevel } from "./fair-level.ts";

test.each([
  [[], 10, Infinity],
  [[4, 6], 10, Infinity],
  [[4, 7], 10, 6],
  [[9, 1, 8], 11, 5],
  [[20, 20, 20, 20], 40, 10],
  [[...Array<number>(1500).fill(0.001), 30, 30], 41.5, 20],
  [[Infinity, 30, 2], 32, 15],
])("of %j with %d each may have %d", (demands, available, level) => {
  expect(fairLevel(demands, available)).toBeCloseTo(level, 9);
});
