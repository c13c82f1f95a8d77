/**
 * @module
 * What the readers of the several kinds of lists have in common.
 */
import { isAbsolute, join, normalize } from "node:path";
import type * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
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

/** A row that was read, or why it cannot be. */
export type ReadRow<T> = { line: number; read: T } | { line: number; error: GlamError };

/** Every row of a list; one that cannot be read, or that names a file again, does not lose the others. */
export function readRows<T extends { path: string }>(
  { columns, rows }: { columns: readonly string[]; rows: readonly CsvRow[] },
  read: (cell: (column: string) => string, row: CsvRow) => T,
): ReadRow<T>[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const { line, fields, cells } = row;
    try {
      if (fields !== columns.length) throw bad(`The row has ${fields} fields, the header ${columns.length}.`);
      const one = read((column) => cells.get(column) ?? "", row);
      if (seen.has(one.path)) throw bad("The row names a film for the second time.");
      seen.add(one.path);
      return { line, read: one };
    } catch (error) {
      if (!(error instanceof GlamError)) throw error;
      return { line, error };
    }
  });
}

/** @throws GlamError `invalid-request` */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw bad("The places are not the JSON that they should be.");
  }
}
