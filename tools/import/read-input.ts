/**
 * @module
 * Reads a file that the user named; the error names a missing one.
 */
import { readFile } from "node:fs/promises";
import { GlamError } from "../../src/glam/problem.ts";

/**
 * @param what for the message: "checkpoint", "spec", ...
 * @throws {GlamError} invalid-request
 */
export async function readInput(path: string | URL, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new GlamError("invalid-request", `The ${what} ${path} cannot be opened.`, { at: what, cause });
  }
}

/** @throws {GlamError} invalid-request when the file cannot be opened or is not JSON */
export async function readJsonInput(path: string | URL, what: string): Promise<unknown> {
  const text = (await readInput(path, what)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GlamError("invalid-request", `The ${what} ${path} is not JSON.`, { at: what, cause });
  }
}
