import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nodeServices, tinyRegistry } from "../../../test/support/node-services.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import { startDeadline } from "./deadline.ts";
import { uploadEvents } from "./upload-events.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** An upload whose tiles never come; every method tells that it was called. */
function stuck() {
  const calls: string[] = [];
  const called = (name: string) => async () => void calls.push(name);
  const sessions: UploadSessions = {
    open: () => Promise.reject(new Error("not asked")),
    openFor: () => Promise.reject(new Error("not asked")),
    state: () => Promise.reject(new Error("not asked")),
    put: () => Promise.reject(new Error("not asked")),
    take: async () => ({ token: "a", request: "{}", bytes: 1 }),
    tiles: () => new Promise(() => {}),
    renew: called("renew"),
    giveBack: called("giveBack"),
    remove: called("remove"),
  };
  return { sessions, calls };
}

test("a run tells every ten seconds that it lives, until it ends", async () => {
  const services = nodeServices(await tinyRegistry());
  const { sessions, calls } = stuck();
  const deadline = startDeadline(45_000);
  const events = uploadEvents("id", sessions, { ticket: undefined, services, deadline, keepAlive: () => {} });
  const ended = expect(events.next()).rejects.toMatchObject({ code: "deadline-exceeded" });
  await vi.advanceTimersByTimeAsync(45_000);
  await ended;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual(["renew", "renew", "renew", "renew", "giveBack"]);
});
