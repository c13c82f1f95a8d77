/**
 * @module
 * docs/decisions/README.md: the index of the decision records, from their titles.
 */

import { page, table } from "./markdown.ts";
import { pages, readPage } from "./pages.ts";

/** Paths of the records, in order of their numbers. */
export const records: readonly string[] = pages.filter((path) => /^docs\/decisions\/\d{4}-/.test(path));

const nameOf = (path: string): string => path.replace("docs/decisions/", "");

export const decisionsPage = (): string =>
  page(
    "Decisions",
    "For whoever asks why something is as it is, or wants to change it. Each record has context, decision, what it was measured on, and what would change it. A superseded record names its successor.",
    table(
      ["record", "in force"],
      records.map((path) => {
        const text = readPage(path);
        const [, number, title] = /^# (\d{4}): (.+)$/m.exec(text) ?? [];
        const successor = /^Superseded by \[(\d{4})\]\(([^)]+)\)/m.exec(text);
        return [`[${number}](${nameOf(path)}) ${title}`, successor ? `no: [${successor[1]}](${successor[2]})` : "yes"];
      }),
    ),
  );
