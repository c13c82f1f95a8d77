import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

test("a sender may pause, and is late when it came to less than the rate since", () => {
  const pace = createPace(1000, 10_000, 0);
  expect(pace.lateMs(10_000)).toBe(0);
  expect(pace.lateMs(10_001)).toBe(1);
  for (let now = 0; now <= 60_000; now += 500) {
    pace.arrived(500, now);
    expect(pace.lateMs(now)).toBe(-10_000);
  }
  for (let now = 60_500; now <= 80_000; now += 500) pace.arrived(250, now);
  expect(pace.lateMs(80_000)).toBe(0);
});

test("a burst saves up no more time than a pause has", () => {
  const pace = createPace(1000, 10_000, 0);
  pace.arrived(32e6, 100);
  expect(pace.lateMs(10_100)).toBe(0);
});

test("who was kept waiting may pause anew", () => {
  const pace = createPace(1000, 10_000, 0);
  pace.forgive(30_000);
  expect(pace.lateMs(30_000)).toBe(-10_000);
});
