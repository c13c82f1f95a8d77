import { expect, test } from "vitest";
import * as z from "zod";
import { readSettings, variables } from "../../src/edge/api/settings.ts";
import { columns, labelsCsv } from "../films/labels-csv.ts";
import { madePages } from "./made-pages.ts";
import { pages, readPage } from "./pages.ts";
import { fieldRows, namedTypes } from "./schema-rows.ts";

test("pages that are made are those that `npm run docs` writes, and docs/reference holds no others", () => {
  const made = madePages();
  expect(pages.filter((path) => path.startsWith("docs/reference/"))).toEqual(
    Object.keys(made).filter((path) => path.startsWith("docs/reference/")),
  );
  for (const [path, text] of Object.entries(made)) {
    expect(readPage(path), `${path} is not current: npm run docs`).toBe(text);
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

test.each(["wrangler.toml", "wrangler.simd.toml"])("%s sets every variable that is no secret", (name) => {
  const [, vars = ""] = /\n\[vars\]\n([\s\S]*?)\n\[/.exec(readPage(name)) ?? [];
  const set = Object.fromEntries(Array.from(vars.matchAll(/^([A-Z_]+) = "(.*)"$/gm), ([, key, text]) => [key, text]));
  expect([...Object.keys(set), "API_KEYS", "FANOUT_TOKEN", "WEBHOOK_SECRETS"].sort()).toEqual(
    Object.keys(variables.shape).sort(),
  );
  // The Worker of the engine alone is for large models, which take longer.
  if (name === "wrangler.toml") expect(readSettings(set)).toEqual(readSettings({}));
  else expect(() => readSettings(set)).not.toThrow();
});
