/**
 * @module
 * The pages of docs/reference, each from the source that the code itself runs on.
 */
import { commandLinePage } from "./command-line.ts";
import { eventsPage } from "./events.ts";
import { labelsCsvPage } from "./labels-csv.ts";
import { manifestPage } from "./manifest.ts";
import { problemsPage } from "./problems.ts";
import { variablesPage } from "./variables.ts";

/** File name -> text. */
export const referencePages = (): Record<string, string> => ({
  "command-line.md": commandLinePage(),
  "events.md": eventsPage(),
  "labels-csv.md": labelsCsvPage(),
  "manifest.md": manifestPage(),
  "problems.md": problemsPage(),
  "variables.md": variablesPage(),
});
