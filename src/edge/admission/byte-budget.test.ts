import { expect, test } from "vitest";
import { createByteBudget } from "./byte-budget.ts";

test("shares together hold at most the budget, and what is released or forgotten is free again", () => {
  let time = 0;
  const budget = createByteBudget(100, 1000, () => time);
  const a = budget.open();
  const b = budget.open();
  a.reserve(60);
  b.reserve(40);
  expect(() => b.reserve(1)).toThrow(expect.objectContaining({ code: "busy", retryAfter: 5 }));
  a.release();
  b.reserve(60);
  expect(() => b.reserve(1)).toThrow();
  time = 1000;
  const c = budget.open();
  c.reserve(100);
  expect(() => c.reserve(1)).toThrow();
});
