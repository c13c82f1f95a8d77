import { expect, test } from "vitest";
import { createCropAdmission } from "./crop-admission.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import type { Receiving } from "./receiving.ts";

/** Room for everything. */
function admission() {
  let held = 0;
  const ledger = { open: () => ({ hold: () => held++, release: () => held-- }) } as unknown as MemoryLedger;
  const receiving = { whenRoom: async (work: () => void) => work() } as unknown as Receiving;
  return { ...createCropAdmission(ledger, receiving, 60_000), held: () => held };
}

const { signal } = new AbortController();

/** Blocks the thread, as a network does, for longer than the gate's waiters pause. */
function compute(): void {
  for (const began = performance.now(); performance.now() < began + 50; );
}

test.each(["waits", "comes later"])(
  "the answer of a crop is sent before the next one computes, which %s",
  async (how) => {
    const { apart, held } = admission();
    const events: string[] = [];
    const first = await apart(signal, 10);
    const next = async () => {
      const lease = await apart(signal, 10);
      events.push("the next one computes");
      lease.release();
    };
    const waiting = how === "waits" ? next() : undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
    compute();
    setTimeout(() => events.push("the first one is sent"), 0);
    first.release();
    await (waiting ?? next());
    expect(events).toEqual(["the first one is sent", "the next one computes"]);
    expect(held()).toBe(0);
  },
);

test("crops whose answers stay in the isolate compute one right after the other", async () => {
  const { inline } = admission();
  (await inline(signal, 10)).release();
  let turned = false;
  setTimeout(() => {
    turned = true;
  }, 0);
  (await inline(signal, 10)).release();
  expect(turned).toBe(false);
});
