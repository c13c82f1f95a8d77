import { expect, test, vi } from "vitest";
import { createElapsed, elapsed } from "./elapsed.ts";

test("time that is set back stands still and then goes on", () => {
  let clock = 1000;
  const passed = createElapsed(() => clock);
  clock = 1500;
  expect(passed()).toBe(500);
  clock = 200;
  expect(passed()).toBe(500);
  clock = 300;
  expect(passed()).toBe(600);
});

test("the clock on the wall has no part in it", () => {
  const before = elapsed();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  expect(elapsed() - before).toBeLessThan(3_000_000);
  vi.useRealTimers();
});
