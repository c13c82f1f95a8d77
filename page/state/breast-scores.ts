/**
 * @module
 * Scores of each breast: the mean over its views, as published.
 */
import type { Scores } from "../../src/glam/saliency.ts";
import type { Exam } from "./exam.ts";
import { isOneExam } from "./same-exam.ts";

export type BreastScores = { side: "Right" | "Left"; scores: Scores; views: number };

/** Breasts of which at least one view has been segmented, the right one first as on a light box; none of images that are not one exam. */
export function breastScores(exam: Pick<Exam, "slots" | "decision">): BreastScores[] {
  if (!isOneExam(exam)) return [];
  const { slots } = exam;
  return (["Right", "Left"] as const).flatMap((side) => {
    const known = slots.flatMap(({ view, answer }) => (answer && view?.startsWith(side[0]) ? [answer.scores] : []));
    if (known.length === 0) return [];
    const mean = (name: keyof Scores) => known.reduce((sum, scores) => sum + scores[name], 0) / known.length;
    return [{ side, scores: { benign: mean("benign"), malignant: mean("malignant") }, views: known.length }];
  });
}
