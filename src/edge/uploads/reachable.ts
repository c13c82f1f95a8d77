/**
 * @module
 * Calls to Durable Objects that may not answer.
 */
import { GlamError } from "../../glam/problem.ts";

/**
 * An object that is overloaded, moved or reset answers with an error of the runtime: asking again is right then.
 * @throws GlamError `busy`
 */
export async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new GlamError("busy", "The place where uploads are kept did not answer. Try again in a few seconds.", {
      retryAfter: 5,
      cause,
    });
  }
}
