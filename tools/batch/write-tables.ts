/**
 * @module
 * The tables of a run, from what the journal holds: results.csv, exams.csv, results.jsonl, with overlays index.html.
 */
import { join } from "node:path";
import { csvRow } from "../films/csv.ts";
import { examColumns, viewColumns } from "./columns.ts";
import type { Entry } from "./entry.ts";
import { type ExamView, groupExams, ownerOf } from "./exams.ts";
import type { BatchItem } from "./find-files.ts";
import { writeWhole } from "./out-folder.ts";
import { type Picture, picturePage } from "./picture-page.ts";
import { examRow, jsonLine, type Owner, type Shown, statusOf, viewRow } from "./tables.ts";

/** Files by what became of them: `complete`, `partial`, `failed`, `skipped`, `ignored`; and codes of those without an answer. */
export type Counts = { statuses: Map<string, number>; codes: Map<string, number>; exams: number };

/** Reads results one by one, so that memory does not grow with them. */
type ResultOf = (item: BatchItem) => Promise<Entry | undefined>;

/**
 * Writes the tables, each at once.
 * @param items in the order of the rows
 * @param pictured whether there are overlays for a page
 */
export async function writeTables(
  out: string,
  items: readonly BatchItem[],
  resultOf: ResultOf,
  pictured: boolean,
): Promise<Counts> {
  const counts: Counts = { statuses: new Map(), codes: new Map(), exams: 0 };
  const views: ExamView[] = [];
  const owners = new Map<string, Owner>();
  for await (const { item, shown } of shownResults(items, resultOf)) {
    const status = shown === undefined ? "ignored" : statusOf(shown);
    add(counts.statuses, status);
    if (shown === undefined) continue;
    if ("code" in shown) add(counts.codes, shown.code);
    const owner = ownerOf(item, shown.identity);
    owners.set(item.file, { exam: undefined, ...owner });
    const isNobodys = shown.status !== "answered" && owner.patient + owner.study === "";
    if (status === "skipped" || isNobodys) continue;
    const answered = shown.status === "answered" ? { view: shown.answer.view, scores: shown.answer.scores } : undefined;
    views.push({ file: item.file, ...owner, view: shown.status === "answered" ? undefined : shown.view, ...answered });
  }
  const exams = groupExams(views);
  for (const { number, views: inside } of exams) {
    for (const { file } of inside) {
      const owner = owners.get(file);
      if (owner) owner.exam = number;
    }
  }
  const rows = async function* (row: (entry: Entry, shown: Shown, owner: Owner) => string) {
    for await (const { item, entry, shown } of shownResults(items, resultOf)) {
      const owner = owners.get(item.file);
      if (shown && owner) yield row(entry, shown, owner);
    }
  };
  const table = async function* () {
    yield csvRow(Object.keys(viewColumns));
    yield* rows(({ file }, shown, owner) => viewRow(file, shown, owner));
  };
  await writeWhole(join(out, "results.csv"), table());
  await writeWhole(join(out, "results.jsonl"), rows(jsonLine));
  await writeWhole(join(out, "exams.csv"), [csvRow(Object.keys(examColumns)), ...exams.map(examRow)]);
  if (pictured) {
    const pictures: Picture[] = [];
    for await (const { item, shown } of shownResults(items, resultOf)) {
      if (shown) pictures.push(pictureOf(item.file, shown, owners.get(item.file)?.exam));
    }
    await writeWhole(join(out, "index.html"), picturePage(pictures));
  }
  counts.exams = exams.length;
  return counts;
}

const pictureOf = (file: string, shown: Shown, exam: number | undefined): Picture => ({
  file,
  exam,
  status: shown.status === "answered" ? statusOf(shown) : `${shown.status}: ${shown.code}`,
  ...(shown.status === "answered"
    ? { view: shown.answer.view, scores: shown.answer.scores, hasOverlay: shown.made.includes("overlay") }
    : { view: shown.view ?? "", hasOverlay: false }),
});

async function* shownResults(items: readonly BatchItem[], resultOf: ResultOf) {
  for (const item of items) {
    const entry = await resultOf(item);
    if (entry === undefined) continue;
    const { result } = entry;
    yield { item, entry, shown: result.status === "ignored" ? undefined : result };
  }
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
