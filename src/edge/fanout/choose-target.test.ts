import { expect, test } from "vitest";
import { createTargets } from "./choose-target.ts";

const none: ReadonlySet<number> = new Set();

test("crops go to the target with the least to do, and ties go in turn", () => {
  const targets = createTargets(3);
  expect([0, 1, 2, 3].map((rank) => targets.take((1 + rank) % 3, none))).toEqual([1, 2, 0, 1]);
  targets.giveBack(2, false);
  targets.giveBack(0, false);
  expect(targets.take(1, none)).toBe(2);
  expect(targets.take(1, none)).toBe(0);
});

test("a second try goes elsewhere while there is an elsewhere", () => {
  const targets = createTargets(2);
  expect(targets.take(0, none)).toBe(0);
  targets.giveBack(0, true);
  expect(targets.take(0, new Set([0]))).toBe(1);
  expect(targets.take(0, new Set([0, 1]))).toBe(0);
});

test("a target that fails gets less than its share, though it is always free", () => {
  const targets = createTargets(2);
  const taken = Array.from({ length: 6 }, () => {
    const target = targets.take(0, none);
    if (target === 0) targets.giveBack(0, true);
    return target;
  });
  expect(taken.filter((target) => target === 0)).toHaveLength(3);
});
