/**
 * @module
 * What the readers of the several kinds of lists have in common.
 */
import { isAbsolute, join, normalize } from "node:path";
import type * as z from "zod";
import type { CsvRow } from "./csv.ts";
import { bad, type Film } from "./film.ts";

/** Where a list lies. */
export type ListPlace = { name: string; folder: string };

/** A film without what its list is called. */
export type ListedFilm = Omit<Film, "list" | "line">;

/** One kind of list. */
export type ListReader = {
  /** What it is, for messages. */
  name: string;
  /** A list that has these columns is of this kind. */
  columns: readonly string[];
  /** @throws GlamError `invalid-request` about this row */
  read(cell: (column: string) => string, list: ListPlace, row: CsvRow): ListedFilm;
};

/** A file beside or below the list. */
export function pathIn({ folder }: ListPlace, file: string, column: string): string {
  if (file === "") throw bad(`The column ${column} is empty.`);
  if (isAbsolute(file) || normalize(file).startsWith("..")) {
    throw bad(`The column ${column} leads out of the list's folder.`);
  }
  return join(folder, file);
}

/** @throws GlamError `invalid-request` */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw bad("The places are not the JSON that they should be.");
  }
}
