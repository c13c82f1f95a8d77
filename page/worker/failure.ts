/**
 * @module
 * Any thrown value in a form that crosses threads.
 */
import { ConnectionError, ProblemError } from "../../src/device/client/errors.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Failure } from "./protocol.ts";

/** @param error whatever was thrown */
export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError && error.problem.incident !== undefined) {
    return { code: error.code, detail: error.message, incident: error.problem.incident };
  }
  if (error instanceof GlamError || error instanceof ConnectionError)
    return { code: error.code, detail: error.message };
  return { code: "internal-error", detail: "Something unexpected went wrong in this page." };
}
