import { expect, test } from "vitest";
import { withoutSmallAreas } from "./small-areas.ts";

test("areas of fewer pixels go, those of enough stay, and what is below the level is left alone", () => {
  const levels = Uint8Array.from([200, 0, 9, 200, 200, 0, 0, 0, 200, 0, 200, 0, 0, 0, 0]);
  // 3 rows of 5: one pixel at the left, three that touch at the right, one below the first but for a gap.
  const kept = withoutSmallAreas(levels, { height: 3, width: 5 }, 128, 3);
  expect([...kept]).toEqual([0, 0, 9, 200, 200, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0]);
  expect(withoutSmallAreas(levels, { height: 3, width: 5 }, 128, 1)).toEqual(levels);
});
