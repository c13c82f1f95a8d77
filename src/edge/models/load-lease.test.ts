import { expect, test } from "vitest";
import { createLoadLease } from "./load-lease.ts";

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

test("of several that want the same, one loads", async () => {
  const lease = createLoadLease();
  let loads = 0;
  let done = false;
  const load = async () => {
    loads++;
    await tick();
    done = true;
  };
  await Promise.all([1, 2, 3].map(() => lease("global a", () => done, load)));
  expect(loads).toBe(1);
});

test("different keys do not wait for each other", async () => {
  const lease = createLoadLease();
  void lease(
    "a",
    () => false,
    () => new Promise(() => undefined),
  );
  let loaded = false;
  await lease(
    "b",
    () => loaded,
    async () => {
      loaded = true;
    },
  );
  expect(loaded).toBe(true);
});

test("after a failure the next one tries", async () => {
  const lease = createLoadLease();
  const first = lease(
    "a",
    () => false,
    async () => {
      await tick();
      throw new Error("no");
    },
  );
  let loaded = false;
  const second = lease(
    "a",
    () => loaded,
    async () => {
      loaded = true;
    },
  );
  await expect(first).rejects.toThrow("no");
  await second;
  expect(loaded).toBe(true);
});

test("one that vanished while loading is passed over when its time is up", async () => {
  let time = 0;
  const lease = createLoadLease(() => time);
  void lease(
    "a",
    () => false,
    () => new Promise(() => undefined),
  );
  let loaded = false;
  const second = lease(
    "a",
    () => loaded,
    async () => {
      loaded = true;
    },
  );
  await tick();
  expect(loaded).toBe(false);
  time = 3_001;
  await second;
  expect(loaded).toBe(true);
});
