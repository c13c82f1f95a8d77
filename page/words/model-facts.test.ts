import { expect, test } from "vitest";
import { operatingWords, rates } from "./model-facts.ts";

const points = {
  measuredOn: "196 films",
  malignant: [
    { threshold: 0.6, sensitivity: 0.3, falseMarks: 0.1 },
    { threshold: 0.4, sensitivity: 0.457, falseMarks: 0.49 },
  ],
};

test("the operating point nearest to the threshold is said, with what is missed", () => {
  expect(operatingWords(points, 0.4)).toBe(
    "At 0.4: of 100 malignant lesions 46 are outlined and 54 are missed, with 0.49 false outlines an image. Measured on 196 films.",
  );
  expect(operatingWords(points, 0.9)).toMatch(/^At 0\.6, measured nearest to here: of 100 malignant lesions 30 /);
  expect(operatingWords({ measuredOn: "", malignant: [] }, 0.4)).toBe("");
});

test("rates on real images come before those on phantoms", () => {
  const quality = {
    "phantoms.auc.malignant": 0.99,
    "phantoms.images": 200,
    "films.auc.malignant": 0.78,
    "films.auc.malignant.low": 0.7,
    "films.auc.malignant.high": 0.84,
    "films.images": 173,
    "films.dice.benign": 0.4,
  };
  expect(rates(quality)).toEqual([
    { set: "173 images of films", words: expect.stringContaining("in 78 of 100 pairs (95 % interval 70 to 84)") },
    {
      set: "200 images of phantoms, computer-made and no patients",
      words: expect.stringContaining("in 99 of 100 pairs"),
    },
  ]);
  expect(rates({})).toEqual([]);
});
