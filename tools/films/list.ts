/**
 * @module
 * What the readers of the several kinds of lists have in common.
 */
import type { CsvRow } from "./csv.ts";
import type { Film } from "./film.ts";

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
