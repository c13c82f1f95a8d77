import { describe, expect, test } from "vitest";
import {
  afterFailure,
  afterInterruption,
  isFinished,
  looked,
  MOST_FAILURES,
  MOST_INTERRUPTIONS,
  nextImage,
  openRecord,
  wakeAt,
  withImage,
} from "./exam-record.ts";
import type { ExamRecord, ImageProgress } from "./protocol.ts";

const now = 1_000_000;
const bytes = new Uint8Array();

const opened = (images: number): ExamRecord =>
  openRecord(
    {
      object: "o",
      reference: "r",
      fingerprint: "f",
      endsAt: now + 10_000,
      ttlMs: 4_000,
      images,
      caller: bytes,
      service: bytes,
      plan: bytes,
    },
    now,
  );

/** An exam whose images are in these states. */
const exam = (...states: ImageProgress["state"][]): ExamRecord =>
  states.reduce((record, state, i) => withImage(record, i, { state }, now), opened(states.length));

describe("where an exam stands", () => {
  test.each([
    [["receiving", "queued"], "receiving"],
    [["queued", "queued"], "queued"],
    [["complete", "queued"], "running"],
    [["running", "queued"], "running"],
    [["complete", "complete"], "complete"],
    [["complete", "partial"], "partial"],
    [["complete", "failed"], "partial"],
    [["failed", "failed"], "failed"],
  ] as const)("%j: %s", (states, state) => {
    expect(exam(...states).state).toBe(state);
    expect(isFinished(state)).toBe(["complete", "partial", "failed"].includes(state));
  });
});

describe("tries", () => {
  const tryAll = (after: typeof afterFailure): { times: number; waited: number[] } => {
    let record = exam("queued");
    const waited: number[] = [];
    for (let times = 1; ; times++) {
      record = withImage(record, 0, after(record.images[0], now), now);
      if (record.images[0].state === "failed") return { times, waited };
      waited.push(record.images[0].dueAt - now);
    }
  };

  test("that fail are repeated later and later, and not for ever", () => {
    const { times, waited } = tryAll(afterFailure);
    expect(times).toBe(MOST_FAILURES);
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test("that are cut off are repeated at once, then later and later, and not for ever either", () => {
    const { times, waited } = tryAll(afterInterruption);
    expect(times).toBe(MOST_INTERRUPTIONS);
    expect(waited.slice(0, 3)).toEqual([0, 1_000, 2_000]);
  });

  test("the image that has waited longest is next, and none that is to wait", () => {
    const record = exam("queued", "complete", "queued");
    expect(nextImage(record, now)).toBe(0);
    const later = withImage(record, 0, { dueAt: now + 500 }, now);
    expect(nextImage(later, now)).toBe(2);
    expect(nextImage(withImage(later, 2, { state: "complete" }, now), now)).toBeUndefined();
    expect(nextImage(withImage(later, 2, { state: "complete" }, now), now + 500)).toBe(0);
  });
});

describe("times", () => {
  test("each step moves the end, up to a hard one", () => {
    const record = opened(2);
    expect(record.expiresAt).toBe(now + 4_000);
    expect(withImage(record, 0, { state: "queued" }, now + 3_000).expiresAt).toBe(now + 7_000);
    expect(withImage(record, 0, { state: "queued" }, now + 9_000).expiresAt).toBe(now + 10_000);
  });

  test("uploads are asked less and less often while nothing comes", () => {
    const [first, second] = [looked(opened(1), false, now), looked(looked(opened(1), false, now), true, now)];
    expect(first.lookAt).toBe(now + 10_000);
    expect(second.lookAt).toBe(now + 5_000);
  });

  test("an exam is woken for what comes first; one that is done but not finished at once", () => {
    expect(wakeAt(undefined, [])).toBeUndefined();
    expect(wakeAt(undefined, [7])).toBe(7);
    expect(wakeAt(opened(1), [])).toBe(now + 4_000);
    expect(wakeAt(exam("queued"), [])).toBe(0);
    expect(wakeAt(exam("complete"), [])).toBe(0);
    expect(wakeAt({ ...exam("complete"), finished: true }, [])).toBe(now + 4_000);
    expect(wakeAt({ ...exam("complete"), finished: true }, [now + 1])).toBe(now + 1);
  });
});
