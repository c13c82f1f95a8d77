import { expect, test } from "vitest";
import type { Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { type Outline, outlinesOf, smallestAreas } from "./outlines.ts";

test("areas of a map in mm2, and which of them touch a lesion", () => {
  const data = Uint8Array.from([200, 200, 0, 0, 200, 0, 0, 200, 100, 200]);
  const mask = Uint8Array.from([0, 1, 0, 0, 0, 0, 0, 0, 1, 0]);
  const found = outlinesOf({ height: 2, width: 5, data }, 0.5, mask, 2);
  expect(found).toEqual([
    { mm2: 8, lesion: true },
    { mm2: 8, lesion: false },
    { mm2: 4, lesion: false },
  ]);
});

test("the smallest area is the largest that keeps the lesions that are outlined", () => {
  const image = (malignant: boolean, ...outlines: [number, boolean][]): Judged => {
    const of: Outline[] = outlines.map(([mm2, lesion]) => ({ mm2, lesion }));
    const outside = { benign: 0, malignant: 0 };
    const scores = { benign: 0, malignant: 0 };
    const measured = { scores, overlap: {}, pointing: {}, marks: {}, outside, outlines: of };
    return { patient: "p", labels: { benign: false, malignant }, methods: new Map([[GLAM, measured]]) };
  };
  const judged = [image(true, [9, true], [2, false]), image(true, [2, false]), image(false, [3, false]), image(false)];
  const { rows, chosen } = smallestAreas(judged);
  expect(chosen).toBe(8);
  expect(rows[0]).toEqual({ mm2: 0, outlines: 1, outlined: 0.5, falselyOutlined: 0.5 });
  expect(rows.find(({ mm2 }) => mm2 === 4)).toMatchObject({ outlines: 0.25, outlined: 0.5, falselyOutlined: 0 });
});
