import { expect, test } from "vitest";
import * as z from "zod";
import { plainDeclaration } from "./plain-declaration.ts";
import { schemaType } from "./schema-type.ts";

test.each([
  [z.int().min(3), "number"],
  [z.literal(8), "8"],
  [z.enum(["a", "b"]), '"a" | "b"'],
  [z.array(z.string()), "string[]"],
  [z.array(z.union([z.literal(1), z.literal(2)])), "(1 | 2)[]"],
  [z.number().nullable(), "number | null"],
  [z.tuple([z.literal("x"), z.number()]), '["x", number]'],
  [z.record(z.string(), z.boolean()), "Record<string, boolean>"],
  [z.strictObject({ a: z.string().optional().describe("Why.") }), "{\n  /** Why. */\n  a?: string | undefined;\n}"],
  [z.strictObject({ "a-b": z.strictObject({ c: z.string() }) }), '{\n  "a-b": {\n    c: string;\n  };\n}'],
])("type %#", (schema, text) => {
  expect(schemaType(schema, "output")).toBe(text);
});

test("named schemas are written out, and a default makes a field optional for who gives it alone", () => {
  const size = z.strictObject({ side: z.int().default(3) }).meta({ id: "SchemaTypeSize" });
  const both = z.strictObject({ one: size, other: size });
  expect(schemaType(both, "output")).toBe(
    "{\n  one: {\n    side: number;\n  };\n  other: {\n    side: number;\n  };\n}",
  );
  expect(schemaType(size, "input")).toBe("{\n  side?: number | undefined;\n}");
});

test("what has no type is an error, not any", () => {
  expect(() => schemaType(z.strictObject({ a: z.unknown() }), "output")).toThrow("no type");
});

const declaration = `/** Two. */
import * as z from "zod";
/** The schema. */
export declare const pairSchema: z.ZodObject<{
    a: z.ZodString;
}, z.core.$strict>;
/** A pair. */
export type Pair = z.infer<typeof pairSchema>;
/** Stays. */
export declare const first: (pair: Pair) => string;
`;

test("a declaration loses its schemas and keeps all else", () => {
  expect(plainDeclaration(declaration, { pairSchema: z.strictObject({ a: z.string() }) })).toBe(
    "/** Two. */\n/** A pair. */\nexport type Pair = {\n  a: string;\n};\n/** Stays. */\nexport declare const first: (pair: Pair) => string;\n",
  );
  expect(() => plainDeclaration(declaration, {})).toThrow("Pair follows from pairSchema, which is not exported");
});
