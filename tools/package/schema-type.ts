/**
 * @module
 * A zod schema as the text of a TypeScript type, so that declarations need no zod.
 */
import * as z from "zod";
import type { JsonSchema } from "../json-schema.ts";

/**
 * @param direction `input`: what a caller may give; `output`: what comes out of the schema, defaults filled in
 * @returns one type expression; descriptions of fields become doc comments
 * @throws Error for what JSON Schema cannot say, such as a transform
 */
export function schemaType(schema: z.ZodType, direction: "input" | "output"): string {
  const root: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: direction, reused: "inline" })));
  return text(root, root.$defs ?? {}, "");
}

function text(schema: JsonSchema, defs: Record<string, JsonSchema>, indent: string): string {
  const inner = (part: JsonSchema) => text(part, defs, indent);
  if (schema.$ref !== undefined) return inner(definition(schema.$ref, defs));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(inner).join(" | ");
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(inner).join(", ")}]`;
  if (Array.isArray(schema.type)) return schema.type.map((type) => inner({ ...schema, type })).join(" | ");
  if (schema.type === "array" && schema.items !== undefined) {
    const item = inner(schema.items);
    return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === "object") return object(schema, defs, indent);
  if (schema.type === "integer") return "number";
  if (["string", "number", "boolean", "null"].includes(schema.type ?? "")) return schema.type ?? "";
  throw new Error(`There is no type for ${JSON.stringify(schema).slice(0, 200)}.`);
}

function object(schema: JsonSchema, defs: Record<string, JsonSchema>, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties);
  if (names.length === 0 && typeof additionalProperties === "object") {
    return `Record<string, ${text(additionalProperties, defs, indent)}>`;
  }
  const deeper = `${indent}  `;
  const fields = names.map((name) => {
    const field = properties[name];
    const comment = field.description === undefined ? "" : `${deeper}/** ${field.description} */\n`;
    const optional = required.includes(name) ? "" : "?";
    const undefinedToo = optional === "" ? "" : " | undefined";
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${comment}${deeper}${key}${optional}: ${text(field, defs, deeper)}${undefinedToo};\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

function definition(reference: string, defs: Record<string, JsonSchema>): JsonSchema {
  const found = defs[reference.replace("#/$defs/", "")];
  if (found === undefined) throw new Error(`The schema refers to ${reference}, which it does not hold.`);
  return found;
}
