import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";
import { columns, labelsCsv } from "../films/labels-csv.ts";
import { referencePages } from "./reference.ts";
import { fieldRows, namedTypes } from "./schema-rows.ts";

const folder = fileURLToPath(new URL("../../docs/reference", import.meta.url));

test("docs/reference is what `npm run docs` writes", () => {
  const pages = referencePages();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) {
    expect(readFileSync(join(folder, name), "utf8"), `${name}: run npm run docs`).toBe(text);
  }
});

test("every column that the reader of labels.csv asks for is described, and no other", () => {
  const asked = new Set<string>();
  const cells: Record<string, string> = {
    file: "a.png",
    label: "benign",
    pixel_spacing_row: "1",
    pixel_spacing_column: "1",
  };
  const cell = (column: string) => {
    asked.add(column);
    return cells[column] ?? "";
  };
  labelsCsv.read(cell, { name: "labels.csv", folder: "." }, { line: 2, fields: 0, cells: new Map() });
  expect([...asked].sort()).toEqual(Object.keys(columns).sort());
});

test("fields of a schema: paths, ranges, defaults, descriptions; what choices share is said once, types with names apart", () => {
  const part = z.strictObject({ kind: z.literal("a"), n: z.number().gt(0).max(1).describe("A share.") });
  const schema = z.strictObject({
    list: z.array(z.union([part, part.extend({ kind: z.literal("b") })])),
    size: z.int().min(1).default(3),
    word: z.enum(["x", "y"]).optional(),
    box: z.strictObject({ top: z.int() }).meta({ id: "Box" }),
  });
  expect(fieldRows(schema).map((row) => Object.values(row).join("; "))).toEqual([
    "list[]; object; true; ; ",
    'list[].kind; `"a"` or `"b"`; true; ; ',
    "list[].n; number above 0 to 1; true; ; A share.",
    "size; integer from 1; false; `3`; ",
    "word; `x`, `y`; false; ; ",
    "box; [Box](#type-box); true; ; ",
  ]);
  expect([...namedTypes(schema)].map(([name, [{ path }]]) => [name, path])).toEqual([["Box", "top"]]);
});
