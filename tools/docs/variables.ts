/**
 * @module
 * docs/reference/variables.md: the variables of a deployment, from the schema that reads them.
 */
import { variables } from "../../src/edge/api/settings.ts";
import { code, page, table } from "./markdown.ts";
import { holds, jsonSchema } from "./schema-rows.ts";

export const variablesPage = (): string =>
  page(
    "Variables of a deployment",
    "For whoever runs a service. Set them under `[vars]` in `wrangler.toml` or with `--var NAME:value`; secrets with `npx wrangler secret put NAME`. A value that is out of range stops the first request and names the variable. `wrangler.simd.toml` sets longer deadlines and more bands, for large models.",
    table(["variable", "may be", "default", "meaning"], rows()),
  );

function rows(): string[][] {
  return Object.entries(jsonSchema(variables).properties ?? {}).map(([name, schema]) => {
    const { description = "", default: standard } = schema;
    return [code(name), holds(schema), standard === undefined || standard === "" ? "" : code(standard), description];
  });
}
