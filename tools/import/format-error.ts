/**
 * @module
 * The error report as a table and as numbers for the manifest.
 */
import type { ErrorDistribution } from "./error-distribution.ts";
import type { ErrorReport } from "./measure-error.ts";

const row = (label: string, ...cells: string[]): string =>
  `  ${label.padEnd(26)}${cells.map((cell) => cell.padStart(10)).join("")}`;

const number = (value: number): string => value.toFixed(4);

const percentiles = (label: string, errors: ErrorDistribution): string =>
  row(label, number(errors.percentile(0.5)), number(errors.percentile(0.99)), number(errors.maximum));

/** @returns lines of a table */
export function formatError(report: ErrorReport): string[] {
  const { canvases } = report;
  return [
    `Error against float32 on ${canvases} held-out canvases`,
    row("absolute difference", "p50", "p99", "max"),
    percentiles("saliency S", report.saliency),
    row("  worst canvas", "", number(report.worstSaliency), ""),
    percentiles("local maps, same crops", report.local),
    percentiles("fused map, end to end", report.fused),
    row("scores", "", "", number(report.score)),
    row("first region identical", "", "", `${report.sameFirstRegion}/${canvases}`),
    row("  within one cell", "", "", `${report.nearFirstRegion}/${canvases}`),
    row("any region identical", "", "", `${report.sameRegions}/${report.regions}`),
  ];
}

/** @returns `quantisation.error` of the manifest, rounded to 4 digits */
export function errorNumbers(report: ErrorReport): Record<string, number> {
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  return {
    canvases: report.canvases,
    scoreMax: round(report.score),
    saliencyP50: round(report.saliency.percentile(0.5)),
    saliencyP99: round(report.saliency.percentile(0.99)),
    saliencyMax: round(report.saliency.maximum),
    localP99: round(report.local.percentile(0.99)),
    fusedP99: round(report.fused.percentile(0.99)),
    sameFirstRegion: round(report.sameFirstRegion / Math.max(1, report.canvases)),
  };
}
