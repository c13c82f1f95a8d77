/**
 * @module
 * docs/reference/batch-tables.md: the columns of what `glam batch` writes.
 */
import { examColumns, viewColumns } from "../batch/columns.ts";
import { code, page, table } from "./markdown.ts";

const rows = (columns: Record<string, string>) => Object.entries(columns).map(([name, what]) => [code(name), what]);

export const batchTablesPage = (): string =>
  page(
    "Tables of an archive",
    "For whoever reads what `glam batch` writes ([how](../how-to/segment-an-archive.md)). CSV (RFC 4180), UTF-8, rows in the order of the paths.",
    "## results.csv",
    table(["column", "what"], rows(viewColumns)),
    "## exams.csv",
    table(["column", "what"], rows(examColumns)),
    "## results.jsonl",
    "A line for each row of results.csv: `file`, `sha256` of the file, `exam`, `patient`, `study`, `studyUid`, `seriesUid`, `sopInstanceUid`, then the answer as [the API](events.md) has it without `id` and maps, the warnings of reading and preprocessing first; or `status`, `view`, `code` and `detail` of what has none. Outlines are in pixels of the canvas; `--contours` gives them in pixels of the file.",
  );
