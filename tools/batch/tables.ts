/**
 * @module
 * Results as rows: of a view, of an exam, and as lines of JSON. The same results give the same bytes.
 */

import type { ContourAnswer } from "../../src/contract/index.ts";
import { examScores } from "../../src/glam/exam-scores.ts";
import type { ClassScores } from "../../src/glam/mean-scores.ts";
import { csvRow } from "../films/csv.ts";
import type { Entry, Result } from "./entry.ts";
import { type Exam, imagesOf } from "./exams.ts";

/** Whose exam a view belongs to. */
export type Owner = { exam: number | undefined; patient: string; study: string };

/** A result that is a row: what is no image has none. */
export type Shown = Exclude<Result, { status: "ignored" }>;

/** `complete` or `partial` for an answer, else what became of the file. */
export const statusOf = (result: Shown): string =>
  result.status === "answered" ? result.answer.status : result.status;

export function viewRow(file: string, result: Shown, { exam, patient, study }: Owner): string {
  const known = [asText(file), exam ?? "", asText(patient), asText(study)];
  if (result.status !== "answered") {
    return csvRow([...known, result.view ?? "", result.status, result.code, ...Array(8).fill("")]);
  }
  const { view, status, scores, contours, failedRegions, warnings } = result.answer;
  const [benign, malignant] = [contours?.benign ?? [], contours?.malignant ?? []];
  return csvRow([
    ...[...known, view, status, "", ...scoreCells(scores), benign.length, malignant.length],
    ...[areaCell(benign), areaCell(malignant), failedRegions.length],
    [...new Set(warnings.map(({ code }) => code))].join(" "),
  ]);
}

export function examRow(exam: Exam): string {
  const failed = exam.views.filter(({ scores }) => scores === undefined).length;
  const { left, right, patient } = examScores(imagesOf(exam));
  return csvRow([
    exam.number,
    asText(exam.patient),
    asText(exam.study),
    exam.views.length,
    failed,
    ...[left, right, patient].flatMap(scoreCells),
  ]);
}

/** One line with everything that is known of a file. */
export function jsonLine({ file, of }: Entry, result: Shown, owner: Owner): string {
  const about = { file, sha256: of.split(" ")[1] ?? "", ...owner };
  const { identity } = result;
  const uids = { studyUid: identity.study, seriesUid: identity.series, sopInstanceUid: identity.image };
  if (result.status !== "answered") {
    const { status, code, detail, view } = result;
    return `${JSON.stringify({ ...about, ...uids, status, view, code, detail })}\n`;
  }
  return `${JSON.stringify({ ...about, ...uids, ...result.answer })}\n`;
}

/** A name of a file or of a patient that a spreadsheet would compute as a formula is marked as a text. */
const asText = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

/** Six digits: more than two machines agree on. */
const scoreCells = (scores: ClassScores | undefined): string[] =>
  scores === undefined ? ["", ""] : [scores.benign.toFixed(6), scores.malignant.toFixed(6)];

/** Sum of the areas; empty where the spacing is not known. */
const areaCell = (outlines: readonly ContourAnswer[]): string =>
  outlines.some(({ areaMm2 }) => areaMm2 === null)
    ? ""
    : outlines.reduce((sum, { areaMm2 }) => sum + (areaMm2 ?? 0), 0).toFixed(1);
