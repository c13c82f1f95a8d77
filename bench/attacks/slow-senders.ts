/**
 * @module
 * Senders that fill the memory for bodies and then stall, again and again, while valid requests come at a steady rate.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openPost, write } from "../../test/support/raw-http.ts";

const PART = '--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Type: image/png\r\n\r\n';
const BLOCK = new Uint8Array(64 * 1024).fill(0x41);

/** Senders under way. */
export type SlowSenders = {
  /** HTTP statuses with which they were sent away; 0 for a connection that was closed without an answer. */
  ends: number[];
  /** Ends them and waits until they are gone. */
  stop(): Promise<void>;
};

/** Starts `count` senders; each sends `bytes` at once, waits until it is dropped, and begins again. */
export function startSlowSenders(url: URL, count: number, bytes: number): SlowSenders {
  const stopped = new AbortController();
  const ends: number[] = [];
  const headers = { "content-type": "multipart/form-data; boundary=b", "content-length": String(bytes + 200) };
  async function once(): Promise<void> {
    const connection = await openPost(url, headers);
    const over = () => connection.received() !== "" || connection.socket.destroyed || stopped.signal.aborted;
    await write(connection, PART);
    // Not awaited: what the other side does not take must not hold this loop.
    for (let sent = 0; sent < bytes && !over(); sent += BLOCK.length) {
      await Promise.race([write(connection, BLOCK.subarray(0, bytes - sent)), sleep(1000)]);
    }
    while (!over()) await sleep(50);
    if (!stopped.signal.aborted) ends.push(Number(/^HTTP\/1.1 (\d{3})/.exec(connection.received())?.[1] ?? 0));
    connection.socket.destroy();
  }
  const all = Array.from({ length: count }, async () => {
    while (!stopped.signal.aborted) await once().catch(() => sleep(50));
  });
  return {
    ends,
    async stop() {
      stopped.abort();
      await Promise.all(all);
    },
  };
}

/**
 * Asks at a steady rate, whether or not the earlier ones have been answered.
 * @param ask tells whether it was answered
 * @returns how many of the requests were
 */
export async function askSteadily(ask: () => Promise<boolean>, requests: number, everyMs: number): Promise<number> {
  const answers: Promise<boolean>[] = [];
  for (let i = 0; i < requests; i++) {
    answers.push(ask().catch(() => false));
    await sleep(everyMs);
  }
  return (await Promise.all(answers)).filter(Boolean).length;
}
