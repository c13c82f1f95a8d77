import { afterEach, expect, test, vi } from "vitest";
import { makeHook, sendHook } from "./webhooks.ts";

afterEach(() => vi.restoreAllMocks());

const hook = makeHook({ object: "o", reference: crypto.randomUUID(), state: "failed", url: new Uint8Array() }, 0);
const url = new URL("https://hooks.example.org/");
const secrets = [`whsec_${btoa("a secret that is long enough")}`];

const answering = (answer: () => Promise<Response>) => vi.spyOn(globalThis, "fetch").mockImplementation(answer);
const status = (code: number) => async () =>
  new Response(null, { status: code, headers: { location: "https://10.0.0.1/" } });

test.each([200, 204, 410])("%i: the message is done", async (code) => {
  answering(status(code));
  expect(await sendHook(hook, url, secrets)).toBeUndefined();
});

test.each([302, 307, 400, 404, 429, 500])("%i: the message comes again, and no redirect is followed", async (code) => {
  const sent = answering(status(code));
  expect(await sendHook(hook, url, secrets, () => 1_000)).toEqual({ ...hook, tries: 1, due: 6_000 });
  expect(sent).toHaveBeenCalledTimes(1);
});

test("a receiver that cannot be reached is tried later and later under one identifier, and given up", async () => {
  answering(() => Promise.reject(new TypeError("unreachable")));
  let left: typeof hook | undefined = hook;
  const dues: number[] = [];
  while (left) {
    left = await sendHook(left, url, secrets, () => 0);
    if (left) expect(left.id).toBe(hook.id);
    if (left) dues.push(left.due / 1000);
  }
  expect(dues).toEqual([5, 30, 120, 600, 1800, 3600, 7200]);
});
