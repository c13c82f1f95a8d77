/**
 * @module
 * Declaration files without zod: types that follow from a schema are written out, the schemas themselves left away.
 */
import * as z from "zod";
import { schemaType } from "./schema-type.ts";

const ZOD_IMPORT = /^import \* as z from "zod";\n/m;

/** `export type Name = z.infer<typeof nameSchema>;` */
const INFERRED = /^export type (\w+) = z\.(infer|output|input)<typeof (\w+)>;$/gm;

/** A declared schema with its comment; it ends where another one begins. */
const SCHEMA =
  /^(?:\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\n)?(?:export )?declare const \w+: z\.[\s\S]*?;\n(?=\/\*\*|export |declare |$(?![\s\S]))/gm;

/**
 * @param declaration what tsc wrote of a module
 * @param exports the module's own exports, with the schemas
 * @throws Error when a type follows from a schema that the module does not export, or when zod is still needed
 */
export function plainDeclaration(declaration: string, exports: Record<string, unknown>): string {
  if (!ZOD_IMPORT.test(declaration)) return declaration;
  const plain = declaration
    .replace(ZOD_IMPORT, "")
    .replace(SCHEMA, "")
    .replace(INFERRED, (_, name: string, direction: string, schema: string) => {
      const value = exports[schema];
      if (!(value instanceof z.ZodType)) throw new Error(`${name} follows from ${schema}, which is not exported.`);
      return `export type ${name} = ${schemaType(value, direction === "input" ? "input" : "output")};`;
    });
  if (/\bz\./.test(plain)) throw new Error(`A declaration still needs zod:\n${plain.slice(0, 400)}`);
  return plain;
}
