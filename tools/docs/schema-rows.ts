/**
 * @module
 * A zod schema as rows of a table: each field with its path, what it may hold, its default and its description.
 */
import * as z from "zod";
import type { JsonSchema } from "../json-schema.ts";
import { code } from "./markdown.ts";

/** `path` as `networks.global.file.path`, with `[]` behind what is a list. */
export type FieldRow = { path: string; holds: string; needed: boolean; standard: string; meaning: string };

/** @returns the schema as plain JSON Schema, as a writer sees it: defaults may be left out */
export const jsonSchema = (schema: z.ZodType): JsonSchema =>
  JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input", reused: "inline", unrepresentable: "any" })));

/** Every field below the schema, depth first; of a type with a name only the name. */
export const fieldRows = (schema: z.ZodType): FieldRow[] => fieldsOf(jsonSchema(schema), "");

/** The types with names that the schemas refer to, themselves or through others: name -> fields. */
export function namedTypes(...schemas: z.ZodType[]): Map<string, FieldRow[]> {
  const found = schemas.flatMap((schema) => Object.entries(jsonSchema(schema).$defs ?? {}));
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, type]) => [name, fieldsOf(type, "")]));
}

function fieldsOf(schema: JsonSchema, above: string): FieldRow[] {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fieldsOfChoices(choices, above);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const item = field.prefixItems === undefined ? field.items : undefined;
    const path = `${above === "" ? "" : `${above}.`}${name}${item === undefined ? "" : "[]"}`;
    const inner = item ?? field;
    const row = {
      path,
      holds: holds(inner),
      needed: schema.required?.includes(name) ?? false,
      standard: field.default === undefined ? "" : code(JSON.stringify(field.default)),
      meaning: field.description ?? inner.description ?? "",
    };
    return [row, ...fieldsOf(inner, path)];
  });
}

/** A field of several choices has one row, and is needed if all of them need it. */
function fieldsOfChoices(choices: JsonSchema[], above: string): FieldRow[] {
  const all = choices.map((one) => fieldsOf(one, above));
  const rows = all.flat().filter((row, i, every) => every.findIndex(({ path }) => path === row.path) === i);
  return rows.map((row) => {
    const same = all.map((one) => one.find(({ path }) => path === row.path));
    const held = [...new Set(same.flatMap((one) => one?.holds ?? []))];
    return { ...row, holds: held.join(" or "), needed: same.every((one) => one?.needed) };
  });
}

const typeLink = (name: string): string => `[${name}](#type-${name.toLowerCase()})`;

/** What a value may be, in short. */
export function holds(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return typeLink(schema.$ref.replace("#/$defs/", ""));
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.length > 12 ? "one of a list" : schema.enum.map(code).join(", ");
  if (schema.prefixItems !== undefined) return schema.prefixItems.map(holds).join(", ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(holds))].join(" or ");
  if (Array.isArray(schema.type)) return schema.type.join(" or ");
  if (schema.type === "array") return `list of ${schema.items === undefined ? "values" : holds(schema.items)}`;
  if (schema.type === "object") return schema.properties === undefined ? "numbers by name" : "object";
  if (schema.type === "integer" || schema.type === "number") return `${schema.type}${range(schema)}`;
  return schema.format ?? (schema.pattern === undefined ? (schema.type ?? "text") : code(schema.pattern));
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = minimum ?? exclusiveMinimum ?? Number.MIN_SAFE_INTEGER;
  const high = maximum ?? exclusiveMaximum ?? Number.MAX_SAFE_INTEGER;
  const from = exclusiveMinimum === undefined ? `from ${low}` : `above ${low}`;
  const to = exclusiveMaximum === undefined ? `to ${high}` : `below ${high}`;
  const bounds = [low > Number.MIN_SAFE_INTEGER ? from : "", high < Number.MAX_SAFE_INTEGER ? to : ""];
  return bounds.every((bound) => bound === "") ? "" : ` ${bounds.filter((bound) => bound !== "").join(" ")}`;
}
