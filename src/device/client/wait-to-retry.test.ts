import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { problem } from "../../../test/support/fake-service.ts";
import { AbortError, ConnectionError, ProblemError } from "./errors.ts";
import { waitToRetry } from "./wait-to-retry.ts";

const lost = new ConnectionError("connection-lost", "Gone.");

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A browser's network. */
function browser(onLine: boolean) {
  const target = new EventTarget();
  const listeners = new Set<unknown>();
  vi.stubGlobal("navigator", { onLine });
  vi.stubGlobal("addEventListener", (type: string, listener: () => void) => {
    listeners.add(listener);
    target.addEventListener(type, listener);
  });
  vi.stubGlobal("removeEventListener", (type: string, listener: () => void) => {
    listeners.delete(listener);
    target.removeEventListener(type, listener);
  });
  return { listeners, online: () => target.dispatchEvent(new Event("online")) };
}

/** Seconds that it waits, in steps of a quarter; `at` does something after a second. */
async function seconds(waiting: Promise<void>, at: () => void = () => {}): Promise<number> {
  let done = false;
  void waiting.catch(() => {}).then(() => (done = true));
  for (let quarters = 0; quarters < 2000; quarters++) {
    if (done) return quarters / 4;
    if (quarters === 4) at();
    await vi.advanceTimersByTimeAsync(250);
  }
  return Number.POSITIVE_INFINITY;
}

test("without news of the network it waits as long as it is told to", async () => {
  expect(await seconds(waitToRetry(lost, 8000, {}))).toBe(8);
  const { listeners } = browser(true);
  expect(await seconds(waitToRetry(lost, 8000, {}))).toBe(8);
  expect(listeners.size).toBe(0);
});

test("online ends the wait, half a second later, and nothing listens any more", async () => {
  const { listeners, online } = browser(true);
  expect(await seconds(waitToRetry(lost, 20_000, {}), online)).toBe(1.5);
  expect(listeners.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("a device that knows itself offline waits for the network, five minutes at most", async () => {
  const { online } = browser(false);
  expect(await seconds(waitToRetry(lost, 500, {}), online)).toBe(1.5);
  expect(await seconds(waitToRetry(lost, 500, {}))).toBe(300);
});

test("a service that asks for patience gets it, whatever the network does", async () => {
  const { listeners, online } = browser(true);
  const busy = new ProblemError(await problem("busy").json());
  expect(await seconds(waitToRetry(busy, 8000, {}), online)).toBe(8);
  expect(listeners.size).toBe(0);
});

test("a runtime's own way to tell is used, and left", async () => {
  const left = vi.fn();
  let resume = () => {};
  const onOnline = (tell: () => void) => {
    resume = tell;
    return left;
  };
  expect(await seconds(waitToRetry(lost, 20_000, { onOnline }), () => resume())).toBe(1.5);
  expect(left).toHaveBeenCalledOnce();
});

test("an abort ends it; without a reason of its own as an AbortError", async () => {
  const signal = Object.assign(new EventTarget(), { aborted: false, reason: undefined }) as unknown as AbortSignal;
  const waiting = waitToRetry(lost, 20_000, { signal });
  const outcome = waiting.catch((error: unknown) => error);
  expect(await seconds(waiting, () => signal.dispatchEvent(new Event("abort")))).toBeLessThanOrEqual(1.25);
  expect(await outcome).toBeInstanceOf(AbortError);
  expect(String(await outcome)).toBe("AbortError: The caller ended the run.");
});
