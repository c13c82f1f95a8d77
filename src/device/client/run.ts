/**
 * @module
 * A run that can be watched and awaited.
 */
import { AbortError } from "./errors.ts";

/**
 * Events, each once, and a result. It starts when it is first watched or awaited, and there are two ways to use it:
 * `for await (const event of run)` sees every event; `await run` drops the events that nobody has watched and gives the result,
 * also after a loop. Leaving the loop early ends the run, and awaiting it then fails with an `AbortError`.
 *
 * Like every thenable it is resolved when an async function returns it; return it from a plain function, or in an object.
 */
export type Run<Event, Result> = AsyncGenerator<Event, Result, void> &
  Pick<Promise<Result>, "then" | "catch" | "finally">;

type Outcome<Result> = { result: Result } | { error: unknown };

/** Makes a run of a generator's events and its return value. */
export function createRun<Event, Result>(events: AsyncGenerator<Event, Result, void>): Run<Event, Result> {
  let outcome: Outcome<Result> | undefined;
  async function* remember(): AsyncGenerator<Event, Result, void> {
    try {
      const result = yield* events;
      outcome = { result };
      return result;
    } catch (error) {
      outcome = { error };
      throw error;
    }
  }
  const generator = remember();

  /** Takes what is left of the events. */
  const finish = async (): Promise<Result> => {
    try {
      while (!(await generator.next()).done);
    } catch {
      // The outcome holds the error, for every caller that awaits.
    }
    outcome ??= { error: new AbortError("The run was left before its result.") };
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  };
  let finished: Promise<Result> | undefined;
  const promise = () => {
    finished ??= finish();
    return finished;
  };
  return Object.assign(generator, {
    // biome-ignore lint/suspicious/noThenProperty: a run is awaited by design
    then: ((done, failed) => promise().then(done, failed)) as Promise<Result>["then"],
    catch: ((failed) => promise().catch(failed)) as Promise<Result>["catch"],
    finally: ((settled) => promise().finally(settled)) as Promise<Result>["finally"],
  });
}
