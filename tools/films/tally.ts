/**
 * @module
 * What a run over films left out, and notes on the others: counted, and named by list and line.
 */
import type { Film, LeftOut } from "./film.ts";
import type { LoadedFilm } from "./load-film.ts";
import type { Failure } from "./loaded-films.ts";

/** Most lines that are named for each reason; the rest is counted. */
const NAMED = 12;

export type Tally = {
  films: number;
  leftOut: LeftOut[];
  /** Films whose patient is not known; each counts as a patient of its own. */
  withoutPatient: number;
  /** Lesions that are not on the canvas, and those on its background. */
  offCanvas: LeftOut[];
  offBreast: LeftOut[];
  /** Films that have a class of which not every place is known. */
  unplaced: number;
  /** Films by warning of the preprocessing. */
  warnings: Map<string, number>;
};

export const newTally = (leftOut: readonly LeftOut[]): Tally => ({
  films: 0,
  leftOut: [...leftOut],
  withoutPatient: 0,
  offCanvas: [],
  offBreast: [],
  unplaced: 0,
  warnings: new Map(),
});

export function countFailure(tally: Tally, { list, line }: Film, { code, detail }: Failure): void {
  tally.leftOut.push({ list, line, code, detail });
}

export function countFilm(tally: Tally, { list, line, patient }: Film, loaded: LoadedFilm): void {
  tally.films++;
  if (patient === undefined) tally.withoutPatient++;
  if (!loaded.placed.benign || !loaded.placed.malignant) tally.unplaced++;
  for (const [where, count] of [
    ["offCanvas", loaded.offCanvas],
    ["offBreast", loaded.offBreast],
  ] as const) {
    for (let i = 0; i < count; i++) tally[where].push({ list, line, code: where, detail: "" });
  }
  for (const code of loaded.warnings) tally.warnings.set(code, (tally.warnings.get(code) ?? 0) + 1);
}

/** The lines to print at the end of a run. */
export function tallyLines(tally: Tally): string[] {
  const lines = [`${tally.films} films; ${tally.leftOut.length} left out`];
  for (const [code, items] of Map.groupBy(tally.leftOut, (one) => one.code)) {
    const details = new Set(items.map(({ detail }) => detail));
    const why = details.size === 1 ? ` ${[...details][0]}` : "";
    lines.push(`left out, ${code}: ${items.length} (${named(items)})${why}`);
  }
  if (tally.withoutPatient > 0) {
    lines.push(
      `warning: ${tally.withoutPatient} films have no patient; each counts as a patient of its own, so intervals are too ` +
        "narrow, and two films of one woman may be split over training and validation",
    );
  }
  if (tally.offCanvas.length > 0) {
    lines.push(`${tally.offCanvas.length} lesions have their middle outside the canvas (${named(tally.offCanvas)})`);
  }
  if (tally.offBreast.length > 0) {
    lines.push(`${tally.offBreast.length} lesions lie off the breast (${named(tally.offBreast)})`);
  }
  if (tally.unplaced > 0) {
    lines.push(`${tally.unplaced} films do not count where places are judged: not every lesion of theirs has one`);
  }
  for (const [code, count] of tally.warnings) lines.push(`warning ${code}: ${count} films`);
  return lines;
}

function named(items: readonly LeftOut[]): string {
  const lists = [...Map.groupBy(items.slice(0, NAMED), ({ list }) => list)];
  const names = lists.map(([list, of]) => `${list} line ${of.map(({ line }) => line).join(", ")}`);
  return items.length > NAMED ? `${names.join("; ")}, and ${items.length - NAMED} more` : names.join("; ");
}
