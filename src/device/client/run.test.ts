import { expect, test } from "vitest";
import { createRun } from "./run.ts";

const log: string[] = [];
async function* three(): AsyncGenerator<number, string, void> {
  log.push("began");
  try {
    yield 1;
    yield 2;
    yield 3;
    return "result";
  } finally {
    log.push("ended");
  }
}

test("awaited: the events are dropped, the result comes, again and again", async () => {
  const run = createRun(three());
  expect([await run, await run]).toEqual(["result", "result"]);
  expect(await run.next()).toEqual({ done: true, value: undefined });
});

test("watched: every event once; awaited afterwards, the result", async () => {
  const seen: number[] = [];
  const run = createRun(three());
  for await (const event of run) seen.push(event);
  expect(seen).toEqual([1, 2, 3]);
  expect(await run).toBe("result");
});

test("nothing begins before it is watched or awaited; the return value of the generator is the result", async () => {
  log.length = 0;
  const run = createRun(three());
  await Promise.resolve();
  expect(log).toEqual([]);
  const steps = [await run.next(), await run.next(), await run.next(), await run.next()];
  expect(steps.map(({ value }) => value)).toEqual([1, 2, 3, "result"]);
});

test("left early: the generator ends at once, and awaiting fails with a code", async () => {
  log.length = 0;
  const run = createRun(three());
  for await (const event of run) if (event === 2) break;
  expect(log).toEqual(["began", "ended"]);
  await expect(run).rejects.toMatchObject({ code: "aborted", name: "AbortError" });
  expect(String(await run.catch((error: unknown) => error))).toMatch(/^AbortError: /);
});

test("a failure comes to whoever watches and to whoever awaits, and to nobody else", async () => {
  const failing = () =>
    createRun(
      (async function* (): AsyncGenerator<number, string, void> {
        yield 1;
        throw new Error("no");
      })(),
    );
  const watched = failing();
  const loop = async () => {
    for await (const _ of watched);
  };
  await expect(loop()).rejects.toThrow("no");
  await expect(watched).rejects.toThrow("no");
  expect(await failing().catch(() => "caught")).toBe("caught");
  let settled = 0;
  await failing()
    .finally(() => settled++)
    .catch(() => settled++);
  expect(settled).toBe(2);
  // Never awaited: vitest fails on unhandled rejections.
  await failing().next();
});
