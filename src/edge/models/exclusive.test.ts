import { expect, test } from "vitest";
import { createExclusive } from "./exclusive.ts";

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

test("runs one at a time, and everyone gets a turn", async () => {
  const exclusive = createExclusive();
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      exclusive(async () => {
        running++;
        most = Math.max(most, running);
        await (i % 3 === 0 ? tick() : undefined);
        running--;
        return i;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test("a failure reaches its caller only and frees the lock", async () => {
  const exclusive = createExclusive();
  const failing = exclusive(() => Promise.reject(new Error("no")));
  const next = exclusive(async () => 2);
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe(2);
});

test("a holder that never comes back is reported, and a slow one is not", async () => {
  const exclusive = createExclusive(30);
  const slow = exclusive(() => new Promise((resolve) => setTimeout(resolve, 20)));
  expect(await exclusive(async () => 1)).toBe(1);
  await slow;
  void exclusive(() => new Promise(() => undefined));
  await expect(exclusive(async () => 1)).rejects.toMatchObject({ code: "busy", retryAfter: 1 });
});
