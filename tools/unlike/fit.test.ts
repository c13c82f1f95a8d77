import { expect, test } from "vitest";
import { type Looks, lookNames } from "../../src/glam/looks/measure.ts";
import { distance } from "../../src/glam/looks/unlike-training.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { fitLooks, quantile } from "./fit.ts";

const normal = createRandom(1, "looks");

/** So many images around a middle. */
const around = (middle: number, count: number): Looks[] =>
  Array.from({ length: count }, () => {
    return Object.fromEntries(lookNames.map((name) => [name, middle + normal.normal()])) as Looks;
  });

test("quantiles heed weights", () => {
  const values = [3, 1, 2].map((value) => ({ value, weight: value === 3 ? 0.5 : 0.25 }));
  expect([0.25, 0.5, 0.51, 1].map((share) => quantile(values, share))).toEqual([1, 2, 3, 3]);
});

test("nine in ten images lie within the bounds, and few beyond the threshold", () => {
  const images = around(0, 2000);
  const { bounds, threshold, fittedOn } = fitLooks(new Map([["one", images]]));
  const inside = images.filter(({ rim }) => rim >= bounds.rim.low && rim <= bounds.rim.high);
  expect(inside.length / images.length).toBeCloseTo(0.9, 1);
  const warned = images.filter((looks) => distance(looks, bounds) > threshold).length / images.length;
  expect(warned).toBeGreaterThan(0);
  expect(warned).toBeLessThan(0.03);
  expect(fittedOn).toBe("2000 training images: 2000 of one");
});

test("a source with few images counts as much as one with many", () => {
  const of = (few: number) => fitLooks(new Map(Object.entries({ many: around(0, 2000), few: around(10, few) })));
  for (const few of [100, 2000]) {
    const { low, high } = of(few).bounds.contrast;
    expect(low).toBeCloseTo(-1.3, 0);
    expect(high).toBeCloseTo(11.3, 0);
  }
});

test("too few images, and a look that never changes, are refused", () => {
  expect(() => fitLooks(new Map([["one", around(0, 19)]]))).toThrow(/19 training images/);
  const same = around(0, 30).map((looks) => ({ ...looks, area: 0.5 }));
  expect(() => fitLooks(new Map([["one", same]]))).toThrow(/"area" is the same/);
});
