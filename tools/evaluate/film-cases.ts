/**
 * @module
 * Real films to judge a model on: PNG files and `labels.csv`, preprocessed as `glam segment` does.
 */
import { join } from "node:path";
import { type Preprocessed, preprocess } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { readInput } from "../import/read-input.ts";
import { readSource } from "../segment/read-source.ts";
import { type Circle, type FilmLabel, parseFilmLabels } from "./film-labels.ts";
import { kinds, type TestCase, type TrueLesion } from "./test-case.ts";

export type FilmOptions = {
  /** Folder of the PNG files and `labels.csv`. */
  data: string;
  /** Side of a pixel of the films, mm; 0.2 in mini-MIAS. */
  pixelSpacing: number;
  view: "L-MLO" | "L-CC";
};

/** What was left out, and why. */
export type LeftOut = {
  /** Circles whose centre is not on the breast. */
  offBreast: number;
  /** Images with annotations that have no usable circle: they count for scores, not for places. */
  unplaced: number;
};

/** Rows of the folder's `labels.csv`. @throws GlamError `invalid-request` */
export async function readFilmLabels(data: string): Promise<FilmLabel[]> {
  return parseFilmLabels((await readInput(join(data, "labels.csv"), "labels.csv")).toString("utf8"));
}

/**
 * The films that are given with their indices in `labels.csv`, in turn; `leftOut` is counted as they pass.
 * @throws GlamError with the line's number in front where a film cannot be read or preprocessed
 */
export async function* filmCases(
  rows: Iterable<readonly [number, FilmLabel]>,
  spec: Spec,
  options: FilmOptions,
  leftOut: LeftOut,
): AsyncGenerator<TestCase> {
  for (const [i, row] of rows) yield await filmCase(row, i + 2, spec, options, leftOut);
}

async function filmCase(row: FilmLabel, line: number, spec: Spec, options: FilmOptions, leftOut: LeftOut) {
  const { canvas, scale, toCanvas } = await preprocessFilm(row, line, spec, options);
  const lesions: TrueLesion[] = [];
  let off = 0;
  for (const circle of row.circles) {
    const lesion = lesionOf(circle, scale, toCanvas, canvas);
    if (lesion) lesions.push(lesion);
    else off++;
  }
  const usable = off === 0 && row.circles.length >= row.annotations;
  leftOut.offBreast += off;
  if (!usable) leftOut.unplaced++;
  const placed = (kind: "benign" | "malignant") =>
    !row.labels[kind] || (usable && lesions.some((one) => one.kind === kind));
  return {
    patient: row.patient,
    view: options.view,
    canvas,
    labels: row.labels,
    // A film may show a circle of a class that its label does not have (the worse finding names the film).
    lesions: lesions.filter(({ kind }) => row.labels[kind]),
    placed: { benign: placed("benign"), malignant: placed("malignant") },
    pixelSpacing: options.pixelSpacing / scale,
  } satisfies TestCase;
}

/** One film through the preprocessing of the command line. @throws GlamError that names the line, never the file */
export async function preprocessFilm(
  row: FilmLabel,
  line: number,
  spec: Spec,
  { data, pixelSpacing, view }: FilmOptions,
): Promise<Preprocessed> {
  try {
    return preprocess((await readSource(join(data, `${row.image}.png`))).image, spec, { view, pixelSpacing });
  } catch (error) {
    if (!(error instanceof GlamError)) throw error;
    throw new GlamError(error.code, `The film of line ${line} of labels.csv: ${error.message}`, { cause: error });
  }
}

/** The circle as a mask on the canvas, or undefined when its centre is not on the breast. */
function lesionOf(
  { kind, x, y, radius }: Circle,
  scale: number,
  toCanvas: Preprocessed["toCanvas"],
  { height, width, pixels }: TestCase["canvas"],
): TrueLesion | undefined {
  const centre = toCanvas(y, x);
  const [row, col] = [Math.round(centre.row), Math.round(centre.col)];
  if (row < 0 || col < 0 || row >= height || col >= width || pixels[row * width + col] === 0) return undefined;
  const reach = radius * scale;
  const top = Math.max(0, Math.ceil(centre.row - reach));
  const left = Math.max(0, Math.ceil(centre.col - reach));
  const box = {
    top,
    left,
    height: Math.min(height - 1, Math.floor(centre.row + reach)) - top + 1,
    width: Math.min(width - 1, Math.floor(centre.col + reach)) - left + 1,
  };
  const mask = new Uint8Array(box.height * box.width);
  for (let r = 0; r < box.height; r++) {
    for (let c = 0; c < box.width; c++) {
      const distance = (top + r - centre.row) ** 2 + (left + c - centre.col) ** 2;
      if (distance <= reach ** 2) mask[r * box.width + c] = 1;
    }
  }
  return { kind, box, mask, centre };
}

/** Whether any film has each class; a figure needs both. */
export const classCounts = (rows: readonly FilmLabel[]) =>
  Object.fromEntries(kinds.map((kind) => [kind, rows.filter(({ labels }) => labels[kind]).length]));
