/**
 * @module
 * Writes an evaluation's results into the bundle's manifest.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestSchema, type OperatingPoints } from "../../src/contract/manifest.ts";
import type { ScoreCalibration } from "../../src/glam/score-calibration.ts";
import type { Report } from "./report.ts";

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** The model's own figures as flat numbers: `films.auc.malignant`, and `.low` and `.high` of its interval. */
export function qualityOf(report: Report, prefix: string): Record<string, number> {
  const { auc, dice, iou, pointingOf, falseOutlines, regionRecallOf, aucPerPatient, coarse, counts } = report;
  const ci = { ...report.ci, gain: coarse.ci.gain };
  const quality: Record<string, number> = { [`${prefix}.images`]: counts.images };
  const groups = {
    auc,
    dice,
    iou,
    pointingOf,
    falseOutlines,
    aucPerPatient,
    gain: coarse.gain,
    ...(regionRecallOf ? { regionRecallOf } : {}),
  };
  for (const [group, figures] of Object.entries(groups)) {
    for (const kind of ["benign", "malignant"] as const) {
      if (!Number.isFinite(figures[kind])) continue;
      const name = `${prefix}.${group}.${kind}`;
      quality[name] = rounded(figures[kind]);
      const interval = ci[group as keyof typeof groups]?.[kind];
      if (interval) [quality[`${name}.low`], quality[`${name}.high`]] = interval.map(rounded);
    }
  }
  return quality;
}

/** Results of an evaluation for the manifest. */
export type Recorded = {
  quality?: Record<string, number>;
  /** Figures of this name in front are replaced by `quality`, others stay. */
  prefix?: string;
  threshold?: number;
  scoreCalibration?: ScoreCalibration | undefined;
  operatingPoints?: OperatingPoints | undefined;
  hysteresis?: number | undefined;
  minAreaMm2?: number | undefined;
};

/** Changes `model.json` of a bundle; what is not given stays. */
export async function recordInManifest(
  folder: string,
  { quality = {}, prefix, threshold, scoreCalibration, operatingPoints, hysteresis, minAreaMm2 }: Recorded,
): Promise<void> {
  const path = join(folder, "model.json");
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const others = Object.entries(manifest.provenance.quality ?? {}).filter(([name]) => !name.startsWith(`${prefix}.`));
  const changed = manifestSchema.parse({
    ...manifest,
    threshold: threshold ?? manifest.threshold,
    ...(scoreCalibration ? { scoreCalibration } : {}),
    ...(operatingPoints ? { operatingPoints } : {}),
    ...(hysteresis === undefined ? {} : { hysteresis }),
    ...(minAreaMm2 === undefined ? {} : { minAreaMm2 }),
    provenance: { ...manifest.provenance, quality: { ...Object.fromEntries(others), ...quality } },
  });
  await writeFile(path, `${JSON.stringify(changed, null, 2)}\n`);
}
