/**
 * @module
 * Generated pages: docs/reference from the source, the index of decisions from the records.
 */
import { batchTablesPage } from "./batch-tables.ts";
import { commandLinePage } from "./command-line.ts";
import { decisionsPage } from "./decisions.ts";
import { eventsPage } from "./events.ts";
import { labelsCsvPage } from "./labels-csv.ts";
import { manifestPage } from "./manifest.ts";
import { problemsPage } from "./problems.ts";
import { variablesPage } from "./variables.ts";
import { wrapMarkdown } from "./wrap.ts";

/** Path from the root on -> text. */
export const madePages = (): Record<string, string> => {
  const made = {
    "docs/decisions/README.md": decisionsPage(),
    "docs/reference/batch-tables.md": batchTablesPage(),
    "docs/reference/command-line.md": commandLinePage(),
    "docs/reference/events.md": eventsPage(),
    "docs/reference/labels-csv.md": labelsCsvPage(),
    "docs/reference/manifest.md": manifestPage(),
    "docs/reference/problems.md": problemsPage(),
    "docs/reference/variables.md": variablesPage(),
  };
  return Object.fromEntries(Object.entries(made).map(([path, text]) => [path, wrapMarkdown(text)]));
};
