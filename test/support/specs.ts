/**
 * @module
 * The specs in `specs/`, validated, for tests.
 */
import { readFileSync } from "node:fs";
import { type Spec, specSchema } from "../../src/glam/spec.ts";

/** @param name file name without `.json` */
export const readSpec = (name: string): Spec =>
  specSchema.parse(JSON.parse(readFileSync(new URL(`../../specs/${name}.json`, import.meta.url), "utf8")));
