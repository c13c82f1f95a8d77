/**
 * @module
 * Turns what onnxruntime-web throws into problems of the closed list, and detects a damaged heap.
 *
 * Two failures look alike. An allocation that fails inside ORT is an error code, and ORT stays usable. An
 * allocation that fails in its JavaScript (for an input) is not checked there: the input is written to address 0, over the
 * module's data. A canary at address 0 tells them apart; after the second kind every later call is refused: the
 * runtime's answers cannot be trusted, and it cannot be made a second time in one isolate.
 */
import { GlamError } from "../../../glam/problem.ts";

/** Runs one call into ORT. `load` is for making a session, `run` for using one. Rejects with a GlamError. */
export type Guard = <T>(step: "load" | "run", work: () => Promise<T>) => Promise<T>;

/** What the guard may look at; without a memory there is no canary. */
export type GuardedHeap = { memory(): WebAssembly.Memory | undefined; growthRefused(): boolean };

const canary = [0x676c616d, 0x2d656467];
const restartAfter = 60;

const outOfMemory = (detail: string, cause?: unknown) =>
  new GlamError("out-of-memory", detail, { retryAfter: restartAfter, cause });

const allocationFailed = (error: unknown): boolean =>
  error instanceof RangeError || /bad_alloc|failed to allocate/i.test(String(error));

/** The problem behind an error of a runtime whose heap is sound. */
function explain(step: "load" | "run", error: unknown): GlamError {
  if (error instanceof GlamError) return error;
  if (allocationFailed(error)) {
    return outOfMemory(
      "The network needs more than the memory budget. Raise the budget or use a smaller model.",
      error,
    );
  }
  if (step === "load") {
    return new GlamError("model-damaged", "The runtime cannot load the network's file.", { cause: error });
  }
  return new GlamError("internal-error", "The network could not be run.", { cause: error });
}

/** @example const guard = createGuard(capMemory(limit)); const session = await guard("load", () => create(model)); */
export function createGuard(heap: GuardedHeap): Guard {
  let broken: GlamError | undefined;

  function words(): Uint32Array | undefined {
    const memory = heap.memory();
    return memory && new Uint32Array(memory.buffer, 0, canary.length);
  }

  function assertSound(error?: unknown): void {
    const found = words();
    const sound =
      !(error instanceof WebAssembly.RuntimeError) && (!found || canary.every((word, i) => found[i] === word));
    if (sound) return;
    broken = heap.growthRefused()
      ? outOfMemory("The memory budget was exceeded and the runtime with it; it starts anew with its isolate.", error)
      : new GlamError("internal-error", "The runtime failed; it starts anew with its isolate.", { cause: error });
    throw broken;
  }

  return async function guard(step, work) {
    if (broken) throw broken;
    const before = words();
    before?.set(canary);
    try {
      const result = await work();
      if (before) assertSound();
      return result;
    } catch (error) {
      if (error === broken) throw error;
      if (before) assertSound(error);
      throw explain(step, error);
    }
  };
}
