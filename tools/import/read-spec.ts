/**
 * @module
 * Files that a user gives for the manifest: the spec, and measured quality.
 */
import * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
import { type Spec, specSchema } from "../../src/glam/spec.ts";
import { readJsonInput } from "./read-input.ts";

/**
 * @param nameOrFile name of a spec in specs/, or a JSON file
 * @throws {GlamError} invalid-request, with everything that is wrong
 */
export async function readSpec(nameOrFile: string): Promise<Spec> {
  const file = nameOrFile.endsWith(".json") ? nameOrFile : new URL(`../../specs/${nameOrFile}.json`, import.meta.url);
  const parsed = specSchema.safeParse(await readJsonInput(file, "spec"));
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new GlamError("invalid-request", `The spec is not valid: ${reasons.join("; ")}.`, { at: "spec" });
}

/** @throws {GlamError} invalid-request when the file is not an object of numbers */
export async function readQuality(file: string): Promise<Record<string, number>> {
  const parsed = z.record(z.string(), z.number()).safeParse(await readJsonInput(file, "quality"));
  if (parsed.success) return parsed.data;
  throw new GlamError("invalid-request", "The quality must be an object of numbers.", { at: "quality" });
}
