import { expect, test } from "vitest";
import { createGate } from "./gate.ts";

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
  await expect(enter("d")).rejects.toMatchObject({ code: "busy", retryAfter: 5 });
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
