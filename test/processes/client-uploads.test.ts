import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ExamEvent,
  type ExamOptions,
  type KeptExam,
  type SegmentEvent,
  type SegmentOptions,
  type SegmentResult,
  segment,
  segmentExam,
} from "../../src/device/client/index.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { type Breaker, startBreakingProxy } from "../support/breaking-proxy.ts";
import { tinyCanvas } from "../support/tiny-image.ts";

/** Tiles of 32 pixels cover the breast of the tiny canvas with eleven files or so. */
const options = { view: "L-MLO", tileSide: 32, model: "glam-tiny", regions: 2, encoding: "png" } as const;
const imageOf = (seed: number) => ({ ...tinyCanvas(16, seed), bits: 16 });

let worker: BareWorker;
beforeAll(async () => {
  worker = await startBareWorker({ FANOUT: "inline", DEADLINE_MS: "300000" });
});
afterAll(() => worker.stop());

async function run(seed: number, more: Partial<SegmentOptions>): Promise<SegmentResult & { events: SegmentEvent[] }> {
  const events: SegmentEvent[] = [];
  const going = segment(imageOf(seed), { ...options, url: worker.url, ...more });
  for await (const event of going) events.push(event);
  return { ...(await going), events };
}

/** An answer without its random identifier. */
const content = ({ answer }: SegmentResult) => ({ ...answer, id: "" });
const retries = (events: SegmentEvent[]) => events.flatMap((event) => (event.event === "retry" ? [event.data] : []));
const PUT = /PUT \/v1\/uploads\/([\w-]+)\/tiles\/(\d+)\/(\d+)/g;

/** Notes the tiles and uploads of everything that clients send. */
function ledger(next: (puts: number, bytes: Buffer) => number | undefined) {
  const puts: string[] = [];
  const ids = new Set<string>();
  const up: Breaker = (bytes) => {
    for (const [, id, row, col] of bytes.toString("latin1").matchAll(PUT)) {
      ids.add(id);
      puts.push(`${row},${col}`);
    }
    return next(puts.length, bytes);
  };
  return { puts, ids, up };
}

/** These uploads have been removed. */
async function expectGone(ids: Iterable<string>): Promise<void> {
  for (const id of ids) expect((await fetch(new URL(`/v1/uploads/${id}`, worker.url))).status).toBe(404);
}

test("tile by tile gives the same answer as all at once, and leaves nothing behind", async () => {
  const { puts, ids, up } = ledger(() => undefined);
  const proxy = await startBreakingProxy(worker.url, { up });
  try {
    const direct = await run(3, { upload: "direct" });
    const resumable = await run(3, { upload: "resumable", url: proxy.url });
    expect(content(resumable)).toEqual(content(direct));
    expect(resumable.answer.tiles).toBe(new Set(puts).size);
    expect(puts.length).toBeGreaterThan(6);
    const sent = resumable.events.flatMap((event) => (event.event === "uploading" ? [event.data.done] : []));
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(sent).toHaveLength(puts.length + 1);
    await expectGone(ids);
  } finally {
    await proxy.stop();
  }
});

describe("a connection that breaks at a random tile", () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "%i: the rest is sent, and the answer is right",
    async (seed) => {
      const random = createRandom(seed, "break");
      const at = 1 + random.below(8);
      let broken = false;
      const { puts, ids, up } = ledger((count, bytes) => {
        if (broken || count < at) return undefined;
        broken = true;
        return random.below(bytes.length + 1);
      });
      const proxy = await startBreakingProxy(worker.url, { up });
      try {
        const result = await run(seed % 4, { upload: "resumable", url: proxy.url });
        expect(proxy.breaks()).toBe(1);
        expect(retries(result.events).map(({ error, next }) => [error.code, next])).toEqual([
          ["connection-lost", "resumable"],
        ]);
        expect(content(result)).toEqual(content(await run(seed % 4, { upload: "direct" })));
        expect(ids.size).toBe(1);
        // At most what was under way when everything broke is sent twice.
        expect(puts.length - result.answer.tiles).toBeLessThanOrEqual(3);
        await expectGone(ids);
      } finally {
        await proxy.stop();
      }
    },
  );
});

test("a network that breaks at every fourth tile and stays away for a while is outlived: what arrives resets the patience", async () => {
  let last = 0;
  const { ids, up } = ledger((count) => {
    // Three are under way at once, so a fourth means that the client knows of one that arrived.
    if (count - last < 4) return undefined;
    last = count;
    proxy.goOffline(150);
    return undefined;
  });
  const proxy = await startBreakingProxy(worker.url, { up });
  try {
    const result = await run(1, { upload: "resumable", url: proxy.url, tileSide: 16, retries: 2 });
    expect(retries(result.events).length).toBeGreaterThan(4);
    expect(content(result)).toEqual(content(await run(1, { upload: "direct", tileSide: 16 })));
    await expectGone(ids);
  } finally {
    await proxy.stop();
  }
});

test("auto: after a form that broke off on its way it goes on tile by tile", async () => {
  let broken = false;
  const up: Breaker = (bytes) => {
    if (broken || !bytes.includes("POST /v1/segmentations")) return undefined;
    broken = true;
    return bytes.length - 1;
  };
  const proxy = await startBreakingProxy(worker.url, { up });
  try {
    const { events, ...result } = await run(2, { url: proxy.url });
    expect(retries(events)).toMatchObject([{ attempt: 1, next: "resumable", error: { code: "connection-lost" } }]);
    expect(content(result)).toEqual(content(await run(2, { upload: "direct" })));
  } finally {
    await proxy.stop();
  }
});

test("a connection that breaks while the answer comes: it is judged again", async () => {
  let broken = false;
  const { puts, ids, up } = ledger(() => undefined);
  const down: Breaker = (bytes) => {
    const at = bytes.indexOf("event: global");
    if (broken || at < 0) return undefined;
    broken = true;
    return at + 20;
  };
  const proxy = await startBreakingProxy(worker.url, { up, down });
  try {
    const { events, ...result } = await run(2, { url: proxy.url, upload: "resumable", retries: 8 });
    expect(retries(events)[0]).toMatchObject({ next: "resumable", error: { code: "connection-lost", accepted: true } });
    // A run that notices keeps its tiles; one that was done already has removed them, and all are sent again.
    expect([1, 2]).toContain(puts.length / result.answer.tiles);
    expect(content(result)).toEqual(content(await run(2, { upload: "direct" })));
    await expectGone(ids);
  } finally {
    await proxy.stop();
  }
});

test("a run that is aborted between two tiles removes its upload", async () => {
  const caller = new AbortController();
  const { ids, up } = ledger((count) => {
    if (count === 4) caller.abort(new Error("enough"));
    return undefined;
  });
  const proxy = await startBreakingProxy(worker.url, { up });
  try {
    const aborted = run(0, { url: proxy.url, upload: "resumable", signal: caller.signal });
    await expect(aborted).rejects.toThrow("enough");
    const [id] = ids;
    const status = async () => (await fetch(new URL(`/v1/uploads/${id}`, worker.url))).status;
    await expect.poll(status, { timeout: 10_000 }).toBe(404);
  } finally {
    await proxy.stop();
  }
});

test("an exam as a job survives a program that is closed, gives the answers of direct requests, and is deleted", async () => {
  const images = { "L-CC": imageOf(1), "L-MLO": imageOf(2), "R-MLO": imageOf(3) };
  const common = { ...options, url: worker.url, chestWall: "left" } as const;
  const { view: _, ...shared } = common;
  const job: ExamOptions = { ...shared, mode: "job", idempotencyKey: crypto.randomUUID() };
  // Closed after the first tile of the second view.
  let kept: KeptExam | undefined;
  for await (const event of segmentExam(images, job)) {
    if (event.event === "exam") kept = event.data.kept;
    if (event.event === "uploading" && event.view === "L-MLO" && event.data.done > 0) break;
  }
  expect(kept?.idempotencyKey).toBe(job.idempotencyKey);
  const events: ExamEvent[] = [];
  const run = segmentExam(images, { ...job, ...kept });
  for await (const event of run) events.push(event);
  const told = events.flatMap((event) => (event.event === "exam" ? [event.data] : []));
  expect(told[0]).toMatchObject({ kept, state: "receiving" });
  expect(told.at(-1)).toMatchObject({ kept, state: "complete", progress: { done: 3 } });
  // What was whole is not sent again, of the other nothing that had arrived.
  const sent = events.flatMap((event) => (event.event === "uploading" ? [event] : []));
  expect(sent.some(({ view }) => view === "L-CC")).toBe(false);
  expect(sent.find(({ view }) => view === "L-MLO")?.data.done).toBeGreaterThan(0);
  const direct = await segmentExam(images, { ...shared, upload: "direct" });
  const { views, breasts, status } = await run;
  expect(status).toBe("complete");
  expect(breasts).toEqual(direct.breasts);
  for (const view of ["L-CC", "L-MLO", "R-MLO"] as const) {
    const [own, other] = [views[view], direct.views[view]];
    if (own?.status !== "complete" || other?.status !== "complete") throw new Error("A view failed.");
    expect(content(own)).toEqual(content(other));
  }
  expect((await fetch(new URL(`/v1/exams/${kept?.examId}`, worker.url))).status).toBe(404);
});
