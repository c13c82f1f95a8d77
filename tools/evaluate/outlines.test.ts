import { expect, test } from "vitest";
import type { Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { bestShare, diceByShare, type Outline, outlinesOf, SHARES, smallestAreas } from "./outlines.ts";

test("areas of a map in mm2, and which of them touch a lesion", () => {
  const data = Uint8Array.from([200, 200, 0, 0, 200, 0, 0, 200, 100, 200]);
  const mask = Uint8Array.from([0, 1, 0, 0, 0, 0, 0, 0, 1, 0]);
  const found = outlinesOf({ height: 2, width: 5, data }, { threshold: 0.5, hysteresis: 1 }, mask, 2);
  expect(found).toEqual([
    { mm2: 8, lesion: true },
    { mm2: 8, lesion: false },
    { mm2: 4, lesion: false },
  ]);
});

test("how far outlines reach down is chosen by Dice at the threshold", () => {
  const map = { height: 1, width: 5, data: Uint8Array.of(0, 60, 200, 90, 10) };
  const dice = diceByShare(map, 200 / 255, Uint8Array.of(0, 1, 1, 1, 0));
  // Of three pixels one, then two down to 0.45 of the threshold, then all, then one too many.
  expect(dice.map((value) => value.toFixed(3))).toEqual(["0.500", "0.500", "0.500", "0.800", "1.000", "1.000"]);
  const measured = {
    scores: { benign: 0, malignant: 0 },
    overlap: {},
    pointing: {},
    marks: {},
    outside: { benign: 0, malignant: 0 },
  };
  const judged: Judged[] = [
    {
      patient: "p",
      labels: { benign: false, malignant: true },
      methods: new Map([[GLAM, { ...measured, diceByShare: { malignant: dice } }]]),
    },
    { patient: "q", labels: { benign: false, malignant: false }, methods: new Map([[GLAM, measured]]) },
  ];
  const { rows, chosen } = bestShare(judged);
  expect(rows.map(({ share }) => share)).toEqual(SHARES);
  expect(chosen).toBe(0.25);
});

test("the smallest area keeps the lesions that are outlined, and is no larger than what it leaves out asks for", () => {
  const image = (malignant: boolean, ...outlines: [number, boolean][]): Judged => {
    const of: Outline[] = outlines.map(([mm2, lesion]) => ({ mm2, lesion }));
    const outside = { benign: 0, malignant: 0 };
    const scores = { benign: 0, malignant: 0 };
    const measured = { scores, overlap: {}, pointing: {}, marks: {}, outside, outlines: of };
    return { patient: "p", labels: { benign: false, malignant }, methods: new Map([[GLAM, measured]]) };
  };
  const judged = [image(true, [9, true], [2, false]), image(true, [2, false]), image(false, [3, false]), image(false)];
  const { rows, chosen } = smallestAreas(judged);
  expect(chosen).toBe(4);
  expect(rows[0]).toEqual({ mm2: 0, outlines: 1, outlined: 0.5, falselyOutlined: 0.5 });
  expect(rows.find(({ mm2 }) => mm2 === 4)).toMatchObject({ outlines: 0.25, outlined: 0.5, falselyOutlined: 0 });
});
