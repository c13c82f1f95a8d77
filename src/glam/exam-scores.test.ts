import { expect, test } from "vitest";
import { examScores } from "./exam-scores.ts";

const image = (view: "L-CC" | "L-MLO" | "R-CC" | "R-MLO", malignant: number | undefined) => ({
  view,
  scores: malignant === undefined ? undefined : { benign: 0.5, malignant },
});

test("several images of a view count as one; a view of which none was judged is told", () => {
  const images = [
    image("L-CC", 0.2),
    image("L-CC", 0.4),
    image("L-MLO", 0.9),
    image("R-CC", undefined),
    image("R-MLO", 0.1),
  ];
  const { left, right, patient } = examScores(images);
  expect(left).toMatchObject({ views: ["L-CC", "L-MLO"], failed: [] });
  expect(left?.malignant).toBeCloseTo((0.3 + 0.9) / 2, 12);
  expect(right).toMatchObject({ malignant: 0.1, views: ["R-MLO"], failed: ["R-CC"] });
  expect(patient?.malignant).toBeCloseTo((0.3 + 0.9 + 0.1) / 3, 12);
});

test("a view counts if one of its images was judged; without any there is no mean", () => {
  expect(examScores([image("L-CC", undefined), image("L-CC", 0.4)]).left).toMatchObject({ malignant: 0.4, failed: [] });
  expect(examScores([image("L-CC", undefined)]).patient).toBeUndefined();
});
