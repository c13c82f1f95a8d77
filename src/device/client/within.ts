/**
 * @module
 * Waiting that a caller or a clock can end. Does without `AbortSignal.any` and `AbortSignal.timeout`, which React Native lacks.
 */
import { AbortError, ConnectionError } from "./errors.ts";

/** Why a signal was aborted; old implementations do not say. */
export const abortReason = (signal: AbortSignal): unknown =>
  signal.reason ?? new AbortError("The caller ended the run.");

/**
 * The outcome of `work`, unless the signal or the clock is first. `work` gets a signal that is aborted in both cases, but
 * may ignore it.
 * @throws the signal's reason, ConnectionError `connection-lost` when time is up, and whatever `work` throws
 */
export async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw abortReason(signal);
  const inner = new AbortController();
  let stop = (_reason: unknown): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = (reason) => {
      reject(reason);
      inner.abort();
    };
  });
  const abort = () => signal && stop(abortReason(signal));
  const timer = setTimeout(() => {
    stop(new ConnectionError("connection-lost", `Nothing came for ${timeoutMs / 1000} seconds.`));
  }, timeoutMs);
  signal?.addEventListener("abort", abort);
  try {
    const running = work(inner.signal);
    running.catch(() => {});
    return await Promise.race([running, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Lets other work run for some time. @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await within(ms + 60_000, signal, () => new Promise((resolve) => (timer = setTimeout(resolve, ms))));
  } finally {
    clearTimeout(timer);
  }
}

/** A signal that follows its parent and can be ended on its own; `end` it in any case. */
export function childSignal(parent: AbortSignal | undefined): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(parent && abortReason(parent));
  if (parent?.aborted) abort();
  parent?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    end() {
      parent?.removeEventListener("abort", abort);
      controller.abort();
    },
  };
}
