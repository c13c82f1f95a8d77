/**
 * @module
 * The two reasons to stop: the caller went away, or time is up. In a Worker the clock advances with I/O only, so a
 * deadline takes effect at the next `await` that does some.
 */
import { GlamError } from "../../glam/problem.ts";

/** See {@link startDeadline}. */
export type Deadline = {
  /** Aborted with GlamError `aborted` or `deadline-exceeded`. */
  signal: AbortSignal;
  /** Aborted with GlamError `aborted` only: for work that a late answer still needs. */
  caller: AbortSignal;
  /** The caller went away. */
  abort(): void;
  /** Ends the timer; call it when the work is over. */
  clear(): void;
};

/** Starts the clock of one request. */
export function startDeadline(ms: number, callerSignal?: AbortSignal): Deadline {
  const caller = new AbortController();
  const both = new AbortController();
  const abort = () => {
    const gone = new GlamError("aborted", "The caller went away.");
    caller.abort(gone);
    both.abort(gone);
  };
  const timer = setTimeout(() => {
    both.abort(new GlamError("deadline-exceeded", `Time ran out after ${ms} ms. Try again, or ask for fewer regions.`));
  }, ms);
  if (callerSignal?.aborted) abort();
  callerSignal?.addEventListener("abort", abort);
  return {
    signal: both.signal,
    caller: caller.signal,
    abort,
    clear() {
      clearTimeout(timer);
      callerSignal?.removeEventListener("abort", abort);
    },
  };
}

/**
 * A signal that time running out stops only until a stage is passed. A caller who leaves always stops it. In a segmentation
 * the stage is the global result: from then on time ends crops, and the answer becomes partial.
 */
export function untilPassed(deadline: Deadline): { signal: AbortSignal; passed(): void } {
  const early = new AbortController();
  const stop = () => early.abort(deadline.signal.reason);
  if (deadline.signal.aborted) stop();
  deadline.signal.addEventListener("abort", stop);
  return {
    signal: AbortSignal.any([deadline.caller, early.signal]),
    passed: () => deadline.signal.removeEventListener("abort", stop),
  };
}
