/**
 * @module
 * All films of the lists that a user names; a list is recognised by its columns.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { GlamError } from "../../src/glam/problem.ts";
import { readInput } from "../import/read-input.ts";
import { cbisFilms } from "./cbis-ddsm.ts";
import { cesmFull, cesmSmall } from "./cdd-cesm.ts";
import { parseCsv } from "./csv.ts";
import type { Film, LeftOut } from "./film.ts";
import { labelsCsv } from "./labels-csv.ts";
import { type ListReader, readRows } from "./list.ts";
import { miniMias } from "./mini-mias.ts";

/** The first whose columns are all there reads the list, so `labels.csv`, which needs least, comes last. */
const readers: readonly ListReader[] = [cbisFilms, cesmFull, cesmSmall, miniMias, labelsCsv];

/** Who reads a list of these columns; undefined when nobody knows them. */
export const readerOf = (columns: readonly string[]): ListReader | undefined =>
  readers.find((one) => one.columns.every((name) => columns.includes(name)));

/** Columns that `crops.csv` of CBIS-DDSM has: pictures of single lesions, which are not films. */
const CROPS = ["file", "label", "type", "width", "height"];

/** The films in the order of the lists, and the rows that cannot be read. */
export type FilmList = { films: Film[]; leftOut: LeftOut[] };

/**
 * @param data CSV files, and folders whose CSV files are read, in the order of their names
 * @throws GlamError `invalid-request` when a list is of an unknown kind, or there is no film at all
 */
export async function readFilms(data: readonly string[]): Promise<FilmList> {
  const lists: FilmList[] = [];
  for (const path of data) for (const file of await listsIn(path)) lists.push(await readList(file, path !== file));
  const films = lists.flatMap((list) => list.films);
  const leftOut = lists.flatMap((list) => list.leftOut);
  if (films.length === 0 && leftOut.length === 0) throw new GlamError("invalid-request", "There are no films there.");
  return { films, leftOut };
}

async function listsIn(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(".csv")).sort();
  if (names.length === 0) throw new GlamError("invalid-request", "The folder has no labels.csv and no other list.");
  return names.map((name) => join(path, name));
}

/** @param skipCrops a list of crops in a folder is passed over, one that is named is refused */
async function readList(file: string, skipCrops: boolean): Promise<FilmList> {
  const list = { name: basename(file), folder: dirname(file) };
  const { columns, rows } = parseCsv((await readInput(file, "list of films")).toString("utf8"));
  const reader = readerOf(columns);
  if (CROPS.every((name) => columns.includes(name)) && reader === labelsCsv) {
    if (skipCrops) return { films: [], leftOut: [] };
    throw new GlamError("invalid-request", `${list.name} lists crops of lesions, not films.`);
  }
  if (reader === undefined) {
    const known = readers.map(({ name, columns: needed }) => `${name} (${needed.join(", ")})`).join("; ");
    throw new GlamError("invalid-request", `${list.name} has the columns of no list that is known: ${known}.`);
  }
  const found: FilmList = { films: [], leftOut: [] };
  for (const row of readRows({ columns, rows }, (cell, row) => reader.read(cell, list, row))) {
    const { line } = row;
    if ("read" in row) found.films.push({ list: list.name, line, ...row.read });
    else found.leftOut.push({ list: list.name, line, code: row.error.code, detail: row.error.message });
  }
  return found;
}
