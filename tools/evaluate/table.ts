/**
 * @module
 * A report as Markdown.
 */
import type { Interval } from "./bootstrap.ts";
import type { Report } from "./report.ts";
import { kinds } from "./test-case.ts";

const number = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(3));

const withInterval = (value: number, interval: Interval): string =>
  interval === null ? number(value) : `${number(value)} (${number(interval[0])} to ${number(interval[1])})`;

/** The table of all methods, then the figures of the model alone. */
export function reportLines(report: Report, title: string): string[] {
  const { counts, ci } = report;
  const lines = [
    `${title}: ${counts.images} images of ${counts.patients} patients, ${counts.benign} with benign and ${counts.malignant} with malignant; 95 % intervals`,
    "",
    "| map | class | AUC | Dice | IoU | pointing | recall of regions | outlined without lesion |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  const rows = [
    ["fused map", report],
    ["coarse map, at its best threshold", report.coarse],
  ] as const;
  for (const [name, figures] of rows) {
    for (const kind of kinds) {
      const recall = figures.regionRecallOf
        ? withInterval(figures.regionRecallOf[kind], figures.ci.regionRecallOf?.[kind] ?? null)
        : "-";
      const cells = [
        withInterval(figures.auc[kind], figures.ci.auc[kind]),
        withInterval(figures.dice[kind], figures.ci.dice[kind]),
        withInterval(figures.iou[kind], figures.ci.iou[kind]),
        withInterval(figures.pointingOf[kind], figures.ci.pointingOf[kind]),
        recall,
        withInterval(figures.falseOutlines[kind], figures.ci.falseOutlines[kind]),
      ];
      lines.push(`| ${name} | ${kind} | ${cells.join(" | ")} |`);
    }
  }
  lines.push("", `pointing, both classes: ${withInterval(report.pointing, ci.pointing)}`);
  if (report.regionRecall !== undefined) {
    lines.push(`recall of regions, both classes: ${withInterval(report.regionRecall, ci.regionRecall ?? null)}`);
  }
  for (const kind of kinds) {
    const curve = report.freeResponse[kind].map(
      ({ falseMarks, sensitivity }) => `${number(sensitivity)} at ${falseMarks}`,
    );
    const outside = (100 * report.saliencyOutsideBreast[kind]).toFixed(2);
    const { error, calibrated } = report.calibration[kind];
    const errors = calibrated ? `${number(error)}, of calibrated scores ${number(calibrated.error)}` : number(error);
    lines.push(
      `${kind}: AUC per patient ${withInterval(report.aucPerPatient[kind], ci.aucPerPatient[kind])}`,
      `${kind}: Dice of the fused map less that of the coarse one, both at their best threshold ${withInterval(report.coarse.gain[kind], report.coarse.ci.gain[kind])}`,
      `${kind}: sensitivity at false marks an image: ${curve.join(", ")}`,
      `${kind}: calibration error ${errors}; saliency outside the breast ${outside} %`,
    );
  }
  if (report.scoreCalibration) lines.push(`calibrated scores: fitted on ${report.scoreCalibration.fittedOn}`);
  return lines;
}
