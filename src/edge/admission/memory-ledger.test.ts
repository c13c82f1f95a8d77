import { expect, test } from "vitest";
import { createMemoryLedger } from "./memory-ledger.ts";

const outOfMemory = expect.objectContaining({ code: "out-of-memory", retryAfter: undefined });
const busy = expect.objectContaining({ code: "busy", retryAfter: expect.any(Number) });

function ledgerOf(limit: number, networks: { bytes: number }, clock = { time: 0 }) {
  return createMemoryLedger({
    limit,
    receiving: limit,
    networks: () => networks.bytes,
    leaseMs: 1000,
    now: () => clock.time,
  });
}

test("networks and buffers of all requests stay below the limit, and the most of them is remembered", () => {
  const networks = { bytes: 40 };
  const ledger = ledgerOf(100, networks);
  const a = ledger.open();
  const b = ledger.open();
  a.hold("canvas", 30);
  b.hold("upload", 25);
  expect(() => b.hold("upload", 31)).toThrow(busy);
  expect(() => b.hold("upload", 61)).toThrow(outOfMemory);
  expect(ledger.use()).toEqual({ buffers: 55, peak: 95, limit: 100 });
  a.hold("canvas", 0);
  b.hold("upload", 31);
  expect(ledger.use()).toEqual({ buffers: 31, peak: 95, limit: 100 });
  b.release();
  expect(ledger.use().buffers).toBe(0);
});

test("networks that grow while a buffer is held count in the peak", () => {
  const networks = { bytes: 10 };
  const ledger = ledgerOf(100, networks);
  const share = ledger.open();
  share.hold("canvas", 20);
  networks.bytes = 60;
  share.hold("canvas", 0);
  expect(ledger.use()).toEqual({ buffers: 0, peak: 80, limit: 100 });
});

test("what a request plans is kept free for it, networks that are not loaded yet included", () => {
  const ledger = ledgerOf(100, { bytes: 0 });
  const share = ledger.open();
  expect(() => share.plan(50, 51)).toThrow(outOfMemory);
  share.plan(50, 40);
  const other = ledger.open();
  other.hold("upload", 10);
  expect(() => other.hold("upload", 11)).toThrow(busy);
  share.hold("canvas", 50);
  share.hold("canvas", 0);
  share.plan(40, 40);
  other.hold("upload", 20);
  expect(() => other.hold("upload", 21)).toThrow(busy);
  share.release();
  other.hold("upload", 100);
});

test("a request that never gives back is forgotten after its lease", () => {
  const clock = { time: 0 };
  const ledger = ledgerOf(100, { bytes: 0 }, clock);
  ledger.open().hold("canvas", 90);
  clock.time = 1000;
  ledger.open().hold("canvas", 90);
  expect(ledger.use().buffers).toBe(90);
});

test("bodies of all requests together hold at most what is set apart for them", () => {
  const clock = { time: 0 };
  const ledger = createMemoryLedger({
    limit: 1e3,
    receiving: 100,
    networks: () => 0,
    leaseMs: 1000,
    now: () => clock.time,
  });
  const a = ledger.open();
  const b = ledger.open();
  a.hold("canvas", 300);
  a.hold("upload", 60);
  b.hold("upload", 40);
  expect(() => b.hold("upload", 41)).toThrow(busy);
  a.hold("upload", 0);
  b.hold("upload", 100);
  expect(() => a.hold("upload", 1)).toThrow(busy);
  clock.time = 1000;
  const c = ledger.open();
  c.hold("upload", 100);
  expect(() => c.hold("upload", 101)).toThrow(busy);
});
