import { expect, test } from "vitest";
import type { Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { operatingPoints } from "./operating-points.ts";
import { thresholds } from "./overlap.ts";

/** An image with one outline, down to `until`, and one more from `more` on; of a malignant image the first is the lesion's. */
function image(malignant: boolean, until: number, more = 0): Judged {
  const at = thresholds.map((threshold) => {
    const [first, second] = [Number(threshold <= until), Number(threshold <= more)];
    return malignant ? { wrong: second, found: first ? [0] : [] } : { wrong: first + second, found: [] };
  });
  const no = { benign: 0, malignant: 0 };
  const marks = { malignant: { lesions: Number(malignant), at } };
  const measured = { scores: no, overlap: {}, pointing: {}, marks, outside: no };
  return { patient: "p", labels: { benign: false, malignant }, methods: new Map([[GLAM, measured]]) };
}
const lesions = [0.9, 0.7, 0.5, 0.3].map((until) => image(true, until));

test("the default threshold outlines no more than three of ten images without a malignant lesion", () => {
  const others = [0.8, 0.6, 0.4, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1].map((until) => image(false, until));
  const points = operatingPoints([...lesions, ...others], "images");
  // At 0.2 a fourth one is outlined; 3 false outlines on 14 images.
  expect(points?.threshold).toBe(0.22);
  expect(points?.table.measuredOn).toBe("14 images");
  expect(points?.table.malignant).toContainEqual({ threshold: 0.22, sensitivity: 1, falseMarks: 0.214 });
  const shown = points?.table.malignant.map(({ threshold }) => threshold) ?? [];
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
});

test("nor has it more than half a false outline an image, wherever that is", () => {
  const others = [0.1, 0.1, 0.1, 0.1].map((until) => image(false, until));
  // At 0.6 three lesions' images, and at 0.4 two more, have a false outline beside.
  const crowded = [0.6, 0.6, 0.6, 0.4, 0.4].map((more) => image(true, 0.9, more));
  expect(operatingPoints([...crowded, ...others], "images")?.threshold).toBe(0.42);
  expect(operatingPoints(others, "images")).toBeUndefined();
});
