/**
 * @module
 * The fields of a schema as a table.
 */
import { code, table } from "./markdown.ts";
import type { FieldRow } from "./schema-rows.ts";

export const fieldTable = (rows: readonly FieldRow[]): string =>
  table(
    ["field", "holds", "needed", "meaning"],
    rows.map(({ path, holds, needed, standard, meaning }) => [
      code(path),
      holds,
      standard === "" ? (needed ? "yes" : "no") : `no: ${standard}`,
      meaning,
    ]),
  );
