import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryLedger } from "./memory-ledger.ts";
import { createReceiving, type Reception } from "./receiving.ts";

const MIB = 1024 * 1024;
const never = new AbortController().signal;
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** An isolate that has room for 53 MiB of bodies. */
function isolate(receivingMib = 53, limitMib = 106) {
  const now = () => Date.now();
  const limit = limitMib * MIB;
  const ledger = createMemoryLedger({ limit, receiving: receivingMib * MIB, networks: () => 0, leaseMs: 1e9, now });
  return { ledger, receiving: createReceiving({ now }) };
}

type Sender = { reception: Reception; mib: () => number; ended: Promise<string>; stop(): void };

/** Sends `mib` at a rate, then stands still until it is dropped; with `whole` it is complete then. */
function send(
  { ledger, receiving }: ReturnType<typeof isolate>,
  mib: number,
  mibPerSecond: number,
  { whole = false, signal = never }: { whole?: boolean; signal?: AbortSignal } = {},
): Sender {
  const share = ledger.open();
  const reception = receiving.open(share, signal);
  const block = MIB / 8;
  let held = 0;
  const still = Promise.withResolvers<never>();
  reception.signal.addEventListener("abort", () => still.reject(reception.signal.reason));
  still.promise.catch(() => {});
  const run = async () => {
    while (held < mib * MIB) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 125 / mibPerSecond)), still.promise]);
      await reception.keep(held + block, block);
      held += block;
    }
    if (!whole) await still.promise;
    return "received";
  };
  const ended = run()
    .catch((error: { code: string }) => error.code)
    .finally(() => {
      reception.end();
      share.release();
    });
  return { reception, mib: () => held / MIB, ended, stop: () => still.reject({ code: "stopped" }) };
}
const outcome = async (sender: Sender, ms = 60_000) => {
  await vi.advanceTimersByTimeAsync(ms);
  return Promise.race([sender.ended, Promise.resolve("still there")]);
};

describe("a body that comes alone", () => {
  test("is dropped when it stands still for ten seconds, however much came before", async () => {
    for (const mib of [0, 0.125, 31.625]) {
      const slow = send(isolate(), mib, 100);
      expect(await outcome(slow, 9_000)).toBe("still there");
      expect(await outcome(slow, 3_000)).toBe("too-slow");
    }
  });

  test("may be slow: 16 KiB a second are enough", async () => {
    const slow = send(isolate(), 1, 1 / 64, { whole: true });
    expect(await outcome(slow, 63_000)).toBe("still there");
    expect(await outcome(slow, 2_000)).toBe("received");
  });

  test("has all the room", async () => {
    expect(await outcome(send(isolate(), 53, 10, { whole: true }))).toBe("received");
  });
});

describe("when there is no room", () => {
  test("eight senders of 31.6 MiB that stand still, again and again, keep nobody out who sends at a normal rate", async () => {
    const place = isolate();
    let going = true;
    const dropped: string[] = [];
    const attack = async () => {
      while (going) {
        dropped.push(await send(place, 31.625, 300).ended);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    };
    for (let i = 0; i < 8; i++) void attack();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(place.ledger.use().buffers).toBeGreaterThan(50 * MIB);
    const answers: string[] = [];
    for (let i = 0; i < 4; i++) {
      const honest = send(place, 2, 2, { whole: true });
      answers.push(await outcome(honest, 5_000));
    }
    going = false;
    expect(answers).toEqual(Array(4).fill("received"));
    expect(dropped.length).toBeGreaterThan(8);
    expect(dropped).not.toContain("received");
    expect(place.ledger.use().peak).toBeLessThanOrEqual(53 * MIB);
  });

  test("a computation gets it from bodies, too", async () => {
    const place = isolate(53, 60);
    const still = send(place, 53, 300);
    await vi.advanceTimersByTimeAsync(1_000);
    const share = place.ledger.open();
    const claimed = place.receiving.whenRoom(() => share.plan(20 * MIB, 0), never).then(() => "claimed");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await Promise.race([claimed, "waiting"])).toBe("claimed");
    expect(await still.ended).toBe("too-slow");
  });

  test("who holds more than a fair part and stands in the way is told to come back", async () => {
    const place = isolate();
    const large = send(place, 60, 10, { whole: true });
    await vi.advanceTimersByTimeAsync(5_000);
    const small = send(place, 8, 10, { whole: true });
    expect(await outcome(small, 10_000)).toBe("received");
    expect(await large.ended).toBe("busy");
  });

  test("many small ones that stand still take nothing from the fair part of one that does not", async () => {
    const place = isolate(13.25);
    const crowd = Array.from({ length: 105 }, () => send(place, 0.125, 10));
    await vi.advanceTimersByTimeAsync(2_200);
    const honest = send(place, 2, 2, { whole: true });
    expect(await outcome(honest, 8_000)).toBe("received");
    for (const one of crowd) one.stop();
  });

  test("all of them sending at a good rate, the last one waits and is told when to come back", async () => {
    const place = isolate(16);
    const two = [send(place, 30, 1), send(place, 30, 1)];
    await vi.advanceTimersByTimeAsync(8_500);
    expect(two.map(({ mib }) => mib())).toEqual([8, 8]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await Promise.all(two.map(({ ended }) => Promise.race([ended, "waiting"])))).toContain("busy");
    for (const one of two) one.stop();
  });

  test("what a cancelled request left behind is forgotten", async () => {
    const place = isolate();
    const lost = place.ledger.open();
    const reception = place.receiving.open(lost, never);
    await reception.keep(53 * MIB, 53 * MIB);
    // Its timer stops with it.
    vi.clearAllTimers();
    const honest = send(place, 2, 2, { whole: true });
    expect(await outcome(honest, 20_000)).toBe("received");
  });
});

test("a body whose request ends while it waits ends with the request's reason", async () => {
  const place = isolate(8);
  const caller = new AbortController();
  void send(place, 8, 100);
  const waiting = send(place, 1, 100, { signal: caller.signal });
  await vi.advanceTimersByTimeAsync(500);
  caller.abort({ code: "aborted" });
  expect(await outcome(waiting, 200)).toBe("aborted");
});
