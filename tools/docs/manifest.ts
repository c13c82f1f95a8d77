/**
 * @module
 * docs/reference/manifest.md: the fields of a bundle's model.json, its spec among them.
 */
import { manifestSchema } from "../../src/contract/manifest.ts";
import { fieldTable } from "./field-table.ts";
import { page } from "./markdown.ts";
import { fieldRows } from "./schema-rows.ts";

export const manifestPage = (): string =>
  page(
    "The manifest of a bundle",
    "For whoever makes a model bundle or reads one: `models/<name>/model.json`. `glam import` and `glam bundle` write it, `glam evaluate --record` adds figures, `/v1/models/<name>` serves it. `spec` is the content of a file in `specs/`. Unknown fields are refused.",
    fieldTable(fieldRows(manifestSchema)),
  );
