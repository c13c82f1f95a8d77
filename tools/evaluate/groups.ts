/**
 * @module
 * Figures of parts of a test set: by source, scanner, view and density.
 */
import { figuresOf, type Judged } from "./figures.ts";
import { GLAM } from "./methods.ts";
import { nearestThreshold } from "./overlap.ts";
import { groupings } from "./test-case.ts";

/** Fewest images of a group. */
const LEAST = 10;

/** A table with a row for each value of each grouping with more than one value. */
export function groupLines(judged: readonly Judged[], threshold: number): string[] {
  const rows = groupings.flatMap((grouping) => {
    const groups = Map.groupBy(judged, ({ groups }) => groups?.[grouping] ?? "");
    if (groups.size < 2) return [];
    return [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([, images]) => images.length >= LEAST)
      .map(
        ([value, images]) => `| ${grouping} ${value || "not known"} | ${images.length} | ${cells(images, threshold)} |`,
      );
  });
  if (rows.length === 0) return [];
  return [
    "",
    "| malignant, by | images | AUC | Dice | pointing | recall of regions | outlined without lesion |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ];
}

function cells(images: readonly Judged[], threshold: number): string {
  const figures = figuresOf(images, GLAM, nearestThreshold(threshold));
  return ["auc", "dice", "pointingOf", "regionRecallOf", "falseOutlines"]
    .map((name) => figures.get(`${name}.malignant`) ?? Number.NaN)
    .map((value) => (Number.isNaN(value) ? "-" : value.toFixed(3)))
    .join(" | ");
}
