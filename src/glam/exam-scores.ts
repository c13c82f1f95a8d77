/**
 * @module
 * Scores of each breast and of a woman: means over the views.
 */
import { type ClassScores, meanScores } from "./mean-scores.ts";
import type { View } from "./view.ts";

/** One image's scores; none when it could not be judged. */
export type JudgedImage = { view: View; scores: ClassScores | undefined };

/** The means, the views that count, and those of which no image could be judged. */
export type ViewMeans = ClassScores & { views: View[]; failed: View[] };

/**
 * Means over the views. Several images of one view count as their mean, so that a view taken twice does not count twice.
 * @returns undefined when no image was judged
 */
function viewMeans(images: readonly JudgedImage[]): ViewMeans | undefined {
  const byView = [...new Set(images.map(({ view }) => view))].map((view) => ({
    view,
    mean: meanScores(images.flatMap((image) => (image.view === view && image.scores ? [image.scores] : []))),
  }));
  const mean = meanScores(byView.flatMap((one) => one.mean ?? []));
  if (!mean) return undefined;
  const named = (judged: boolean) =>
    byView.filter((one) => (one.mean !== undefined) === judged).map(({ view }) => view);
  return { ...mean, views: named(true), failed: named(false) };
}

/** @example examScores([{ view: "L-CC", scores: { benign: 0.2, malignant: 0.4 } }]).left; */
export function examScores(
  images: readonly JudgedImage[],
): Record<"left" | "right" | "patient", ViewMeans | undefined> {
  const side = (letter: "L" | "R") => images.filter(({ view }) => view.startsWith(letter));
  return { left: viewMeans(side("L")), right: viewMeans(side("R")), patient: viewMeans(images) };
}
