import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { TurnedAway } from "./turned-away.ts";

const never = new AbortController().signal;
const tick = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));

test("lets `slots` in, queues `waiting` in order, refuses the rest at once", async () => {
  const gate = createGate({ slots: 1, waiting: 2, leaseMs: 60_000 });
  const entered: string[] = [];
  const enter = async (name: string) => {
    const lease = await gate.enter(never);
    entered.push(name);
    return lease;
  };
  const a = await enter("a");
  const b = enter("b");
  const c = enter("c");
  await expect(enter("d")).rejects.toMatchObject({ code: "busy", retryAfter: expect.any(Number) });
  expect(gate.load()).toEqual({ running: 1, waiting: 2 });
  await tick();
  expect(entered).toEqual(["a"]);
  a.release();
  (await b).release();
  (await c).release();
  (await c).release();
  expect(entered).toEqual(["a", "b", "c"]);
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
});

test("somebody new does not overtake the queue", async () => {
  const gate = createGate({ slots: 1, waiting: 2, leaseMs: 60_000 });
  const a = await gate.enter(never);
  const order: string[] = [];
  const enter = async (name: string) => {
    const lease = await gate.enter(never);
    order.push(name);
    return lease;
  };
  const b = enter("b");
  a.release();
  const c = enter("c");
  (await b).release();
  (await c).release();
  expect(order).toEqual(["b", "c"]);
});

test("a waiter that is aborted leaves the queue with its reason", async () => {
  const gate = createGate({ slots: 1, waiting: 1, leaseMs: 60_000 });
  await gate.enter(never);
  const caller = new AbortController();
  const waiting = gate.enter(caller.signal);
  caller.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  expect(gate.load()).toEqual({ running: 1, waiting: 0 });
});

test("a lease that nobody gives back and a waiter that never returns do not block the isolate", async () => {
  let time = 0;
  // The first waiter's invocation is cancelled: its pause never ends.
  let pauses = 0;
  const pause = (ms: number) => (pauses++ === 0 ? new Promise<void>(() => {}) : tick(ms / 10).then(() => {}));
  const gate = createGate({ slots: 1, waiting: 2, leaseMs: 100_000, now: () => time, pause });
  await gate.enter(never);
  void gate.enter(never);
  const second = gate.enter(never);
  await tick();
  expect(gate.load()).toEqual({ running: 1, waiting: 2 });
  time = 20_000;
  await tick();
  time = 100_000;
  (await second).release();
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
});

/** What a caller who is turned away is told. */
const refusal = (entering: Promise<unknown>): Promise<TurnedAway> =>
  entering.then(
    () => {
      throw new Error("was let in");
    },
    (error) => error,
  );

/** A gate whose time goes by itself, 20 ms a poll. */
function timed(waiting: number) {
  const time = { now: 0 };
  const pause = async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    time.now += ms;
  };
  const random = () => 0;
  return { time, gate: createGate({ slots: 1, waiting, leaseMs: 600_000, now: () => time.now, pause, random }) };
}

test("who comes back with a ticket is let in before those who came later, and takes the last one's place", async () => {
  const { gate, time } = timed(1);
  const served = await gate.enter(never);
  const b = gate.enter(never);
  time.now += 10;
  const { ticket } = await refusal(gate.enter(never));
  served.release();
  const inside = await b;
  time.now += 10;
  const later = gate.enter(never);
  const old = gate.enter(never, ticket);
  const displaced = await refusal(later);
  expect(displaced).toMatchObject({ code: "busy", ticket: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  inside.release();
  (await old).release();
  // The same ticket again is worth nothing.
  const again = await gate.enter(never);
  void gate.enter(never, displaced.ticket).then((lease) => lease.release());
  expect((await refusal(gate.enter(never, ticket))).code).toBe("busy");
  again.release();
});

test("the time to wait grows with those who wait, and with what a segmentation takes", async () => {
  const { gate, time } = timed(1);
  for (const took of [30_000, 3_500, 3_000]) {
    const lease = await gate.enter(never);
    time.now += took;
    lease.release();
  }
  const second = await gate.enter(never);
  const queued = gate.enter(never);
  const seconds: number[] = [];
  for (let i = 0; i < 40; i++) {
    time.now += 1;
    seconds.push((await refusal(gate.enter(never))).retryAfter ?? 0);
  }
  // One computes and one waits; each of the others waits for one more, 3.5 s each.
  expect(seconds.slice(0, 4)).toEqual([6, 9, 13, 16]);
  expect(Math.max(...seconds)).toBe(120);
  second.release();
  (await queued).release();
});

test("the time to wait is not the same for all", async () => {
  const chance = createGate({ slots: 1, waiting: 0, leaseMs: 600_000, now: () => 0 });
  await chance.enter(never);
  const told = await Promise.all(Array.from({ length: 50 }, () => refusal(chance.enter(never))));
  expect(new Set(told.map(({ retryAfter }) => retryAfter)).size).toBeGreaterThan(1);
});

test("twenty callers at four times of what is possible are all served, and equally often", async () => {
  const { gate, time } = timed(4);
  const served = Array<number>(20).fill(0);
  const worked = 500;
  const until = 60_000;
  const sleep = async (ms: number) => {
    for (const end = time.now + ms; time.now < end; ) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  let running = true;
  // Time goes on though everybody sleeps.
  const clock = (async () => {
    for (; running; time.now += 20) await new Promise((resolve) => setTimeout(resolve, 1));
  })();
  const caller = async (i: number) => {
    let ticket: string | undefined;
    while (time.now < until) {
      try {
        const lease = await gate.enter(never, ticket);
        await sleep(worked);
        lease.release();
        served[i]++;
        ticket = undefined;
      } catch (error) {
        if (!(error instanceof TurnedAway)) throw error;
        ticket = error.ticket;
        await sleep((error.retryAfter ?? 0) * 1000);
      }
    }
  };
  await Promise.all(served.map((_, i) => caller(i)));
  running = false;
  await clock;
  const sum = served.reduce((a, b) => a + b);
  const jain = sum ** 2 / (served.length * served.reduce((a, b) => a + b ** 2, 0));
  expect(Math.min(...served)).toBeGreaterThan(0);
  expect(jain).toBeGreaterThan(0.9);
});
