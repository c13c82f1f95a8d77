/**
 * @module
 * The pause before another try. After a lost connection it ends early when the network is back, and lasts until then, within
 * bounds, while the device reports none.
 */
import type { SegmentationError } from "./errors.ts";
import type { Connection } from "./http.ts";
import { within } from "./within.ts";

/** How long a device that reports no network waits for it. */
const OFFLINE_MS = 300_000;

/** How often a device that reports no network looks again: Chromium's workers get no event `online`. */
const LOOK_MS = 1000;

/** From "online" until names are resolved and a first try makes sense. */
const SETTLE_MS = 500;

/** What browsers' `globalThis` has of it. */
type Platform = {
  navigator?: { onLine?: boolean };
  addEventListener?(type: "online", listener: () => void): void;
  removeEventListener?(type: "online", listener: () => void): void;
};

/**
 * @param delayMs what is waited when nothing tells of the network
 * @throws the signal's reason
 */
export async function waitToRetry(
  error: SegmentationError,
  delayMs: number,
  { signal, onOnline = listen }: Pick<Connection, "signal" | "onOnline">,
): Promise<void> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  const after = (ms: number) => new Promise<void>((resolve) => timers.push(setTimeout(resolve, ms)));
  const lost = error.code === "connection-lost";
  const { navigator } = globalThis as Platform;
  const ms = lost && navigator?.onLine === false ? Math.max(delayMs, OFFLINE_MS) : delayMs;
  let stop: (() => void) | undefined;
  const online = async () => {
    await new Promise<void>((resolve) => (stop = onOnline(resolve)));
    await after(SETTLE_MS);
  };
  try {
    await within(ms + 60_000, signal, () => Promise.race(lost ? [after(ms), online()] : [after(ms)]));
  } finally {
    stop?.();
    for (const timer of timers) clearTimeout(timer);
  }
}

/** The event `online` of browsers, and a look at `navigator.onLine` where it was false; other runtimes have neither. */
function listen(resume: () => void): () => void {
  const { navigator, addEventListener, removeEventListener } = globalThis as Platform;
  if (typeof navigator?.onLine !== "boolean" || addEventListener === undefined) return () => {};
  addEventListener.call(globalThis, "online", resume);
  const looking = navigator.onLine ? undefined : setInterval(() => navigator.onLine && resume(), LOOK_MS);
  return () => {
    removeEventListener?.call(globalThis, "online", resume);
    clearInterval(looking);
  };
}
