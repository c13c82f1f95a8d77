import { expect, test } from "vitest";
import { createUsualTime } from "./usual-time.ts";

test("it is a guess, then the median of the last nine", () => {
  const usual = createUsualTime(2000);
  expect(usual.ms()).toBe(2000);
  usual.took(9000);
  expect(usual.ms()).toBe(2000);
  usual.took(700);
  expect(usual.ms()).toBe(700);
  usual.took(800);
  expect(usual.ms()).toBe(800);
  for (let i = 0; i < 9; i++) usual.took(3000 + i);
  expect(usual.ms()).toBe(3004);
});
