import { beforeEach, expect, test } from "vitest";
import { createRunLease } from "./run-lease.ts";

const HOUR = 3_600_000;
const time = { wall: 0, elapsed: 0 };
const clock = { wall: () => time.wall, elapsed: () => time.elapsed };
beforeEach(() => Object.assign(time, { wall: 1e12, elapsed: 50 }));

test("a run has the upload until its time is over, and longer when it is held again", () => {
  const lease = createRunLease(clock);
  expect(lease.leftMs(undefined)).toBe(0);
  const run = lease.hold("a", 30_000);
  expect(run).toEqual({ token: "a", until: 1e12 + 30_000, leaseMs: 30_000 });
  time.elapsed += 20_000;
  expect(lease.leftMs(run)).toBe(10_000);
  const longer = lease.hold("a", 30_000);
  expect(lease.leftMs(longer)).toBe(30_000);
  time.elapsed += 30_000;
  expect(lease.leftMs(longer)).toBe(0);
});

test("a jump of the clock on the wall neither takes the upload away nor keeps it", () => {
  const lease = createRunLease(clock);
  const run = lease.hold("a", 30_000);
  for (const jump of [HOUR, -HOUR]) {
    time.wall = 1e12 + jump;
    expect(lease.leftMs(run)).toBe(30_000);
  }
});

test("another instance goes by the wall, and frees what no clock that was right can have given", () => {
  const run = createRunLease(clock).hold("a", 30_000);
  const other = createRunLease(clock);
  time.wall += 10_000;
  expect(other.leftMs(run)).toBe(20_000);
  time.wall -= HOUR;
  expect(other.leftMs(run)).toBe(0);
  time.wall += 2 * HOUR;
  expect(other.leftMs(run)).toBe(0);
});
