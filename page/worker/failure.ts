/**
 * @module
 * Any thrown value as something that crosses threads.
 */
import { ProblemError } from "../../src/client/segment.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Failure } from "./protocol.ts";

/** @param error whatever was thrown */
export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) {
    const { code, detail, incident } = error.problem;
    return { code, detail, ...(incident === undefined ? {} : { incident }) };
  }
  if (error instanceof GlamError) return { code: error.code, detail: error.message };
  // fetch and streams throw TypeError for whatever the network does.
  if (error instanceof TypeError) return { code: "unreachable", detail: "The connection to the service failed." };
  return { code: "internal-error", detail: "Something unexpected went wrong in this page." };
}
