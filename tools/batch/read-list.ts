/**
 * @module
 * A list that says which files there are, of whom, and what their headers do not say: one that `glam evaluate` reads, or a
 * `labels.csv` without labels.
 */
import { dirname, relative, sep } from "node:path";
import { GlamError } from "../../src/glam/problem.ts";
import { parseCsv } from "../films/csv.ts";
import { bad, type Film } from "../films/film.ts";
import { labelsCsv, readFacts } from "../films/labels-csv.ts";
import { readRows } from "../films/list.ts";
import { readerOf } from "../films/read-films.ts";
import { readBytes } from "../segment/read-source.ts";
import { type BatchItem, byFile } from "./find-files.ts";

/**
 * A row that cannot be read becomes an item with a problem, named by its line.
 * @throws GlamError `invalid-request` when it is no list with a column `file`
 */
export async function readBatchList(path: string): Promise<BatchItem[]> {
  const text = await readBytes(path).catch(() => {
    throw new GlamError("invalid-request", "The list of files cannot be opened.");
  });
  const { columns, rows } = parseCsv(text.toString("utf8"));
  const reader = readerOf(columns);
  if (reader === undefined && !columns.includes("file"))
    throw new GlamError("invalid-request", "The list of files has no column `file`.");
  const list = { name: "list", folder: dirname(path) };
  const items = readRows({ columns, rows }, (cell, row) => {
    const facts = reader === undefined || reader === labelsCsv ? readFacts(cell, list) : reader.read(cell, list, row);
    const { path: file, patient, view, chestWall, spacing } = facts;
    return { path: file, patient, view, chestWall, pixelSpacing: squareSpacing(spacing) };
  }).map((row): BatchItem => {
    if ("error" in row) {
      const { code, message: detail } = row.error;
      return { file: `line ${row.line} of the list`, path: "", facts: {}, claimed: true, problem: { code, detail } };
    }
    const { path: file, patient, ...facts } = row.read;
    return { file: relative(list.folder, file).replaceAll(sep, "/"), path: file, patient, facts, claimed: true };
  });
  return items.sort(byFile);
}

function squareSpacing(spacing: Film["spacing"]): number | undefined {
  if (spacing !== undefined && spacing.row !== spacing.column) {
    throw bad("The file is stretched: outlines in its own pixels need square ones.");
  }
  return spacing?.row;
}
