import { expect, test, vi } from "vitest";
import { startDeadline } from "./deadline.ts";

test("time running out stops the work but does not say that the caller left", async () => {
  const deadline = startDeadline(5);
  await vi.waitFor(() => expect(deadline.signal.reason).toMatchObject({ code: "deadline-exceeded" }));
  expect(deadline.caller.aborted).toBe(false);
  deadline.clear();
});

test("a caller that leaves stops both, at once when it has left before", () => {
  const caller = new AbortController();
  const early = startDeadline(60_000, caller.signal);
  caller.abort();
  const late = startDeadline(60_000, caller.signal);
  for (const deadline of [early, late]) {
    expect(deadline.signal.reason).toMatchObject({ code: "aborted" });
    expect(deadline.caller.reason).toMatchObject({ code: "aborted" });
    deadline.clear();
  }
});

test("a cleared deadline never fires", async () => {
  const deadline = startDeadline(1);
  deadline.clear();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(deadline.signal.aborted).toBe(false);
});
