import { expect, test } from "vitest";
import { duration, measureProgress } from "./progress.ts";

test("the time left is that of files that are computed, not of those that an earlier run computed", () => {
  let now = 0;
  const line = measureProgress(() => now);
  const step = (done: number, fresh: boolean, failed = false) => line({ done, of: 100, fresh, failed });
  expect(step(1, false)).toBe("[------------------------] 1 of 100, 0 failed");
  for (let done = 2; done < 50; done++) step(done, false);
  now = 10_000;
  expect(step(50, true, true)).toBe("[############------------] 50 of 100, 1 failed, 0.1 a second, 8 min 20 s left");
  now = 20_000;
  step(51, true);
  expect(step(100, true)).toMatch(/^\[#{24}\] 100 of 100, 1 failed, 0\.1 a second, 0 s left$/);
  expect([5, 61, 7199, 7200].map(duration)).toEqual(["5 s", "1 min 1 s", "1 h 59 min", "2 h 0 min"]);
});
