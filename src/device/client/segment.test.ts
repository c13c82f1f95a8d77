import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  answerFor,
  type Call,
  fakeService,
  json,
  offline,
  problem,
  stream,
} from "../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../test/support/tiny-image.ts";
import { parseSegmentationRequest } from "../../edge/api/segmentation-request.ts";
import { encodeTile } from "./encode.ts";
import { ConnectionError, GlamError, ProblemError, type SegmentEvent, type SegmentOptions, segment } from "./index.ts";

const image = { ...tinyCanvas(8), bits: 8 };
const base = { url: "http://glam.example", view: "L-MLO", chestWall: "left" } as const;
const regions = [{ rank: 0, box: { top: 0, left: 0, height: 32, width: 32 } }];
const map = { encoding: "png", bits: 8, height: 8, width: 6, data: "" };
const whole: [string, unknown][] = [
  ["accepted", { id: "x", model: {}, tiles: 1, regions: 1, warnings: [] }],
  [
    "global",
    { scores: { benign: 0.25, malignant: 0.5, calibrated: false }, regions, saliency: { benign: map, malignant: map } },
  ],
  ["a-name-of-tomorrow", { unknown: true }],
  ["region", { region: { ...regions[0], status: "complete", localMaximum: { benign: 0, malignant: 0 } } }],
  ["result", answerFor("L-MLO", 0.25)],
];
const halves = { benign: 0.5, malignant: 0.5 };
const names = (events: SegmentEvent[]) => events.map(({ event }) => event);

/** Runs with pauses that take no time, and gathers what happened. */
async function watch(options: Partial<SegmentOptions> & Pick<SegmentOptions, "fetch">) {
  const events: SegmentEvent[] = [];
  const run = segment(image, { ...base, ...options });
  const settled = (async () => {
    for await (const event of run) events.push(event);
    return run;
  })();
  settled.catch(() => {});
  for (let i = 0; i < 400; i++) await vi.advanceTimersByTimeAsync(1000);
  const outcome = await settled.then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  return { events, ...outcome };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("segment", () => {
  test("tells everything in order, and sends what the server's schema takes", async () => {
    const { fetch, calls } = fakeService(() => stream(whole));
    const { events, result } = await watch({ fetch, regions: 3, pixelSpacing: 1.6, apiKey: "k".repeat(16) });
    expect(names(events)).toEqual(["preprocessed", "uploading", "uploading", "accepted", "global", "region", "result"]);
    expect(result?.answer).toEqual(answerFor("L-MLO", 0.25));
    expect(result?.preprocessed.canvas).toMatchObject({ height: 128, width: 96 });
    const [first, last] = events.flatMap((event) => (event.event === "uploading" ? [event.data] : []));
    expect(first).toMatchObject({ done: 0, upload: "direct" });
    expect(last.done).toBe(last.total);
    expect(calls).toHaveLength(1);
    expect(calls[0].headers.get("authorization")).toBe(`Bearer ${"k".repeat(16)}`);
    const form = await formOf(calls[0]);
    expect(parseSegmentationRequest(String(form.get("request")), false)).toMatchObject({
      view: "L-MLO",
      model: "glam-tiny",
      canvas: { height: 128, width: 96 },
      tile: { height: 128, width: 96 },
      regions: 3,
      pixelSpacing: 1.6,
    });
    const tile = form.get("tile-0-0") as File;
    expect(tile.type).toBe("image/jpeg");
    expect(new Uint8Array(await tile.arrayBuffer())).toEqual(
      encodeTile(result?.preprocessed.canvas ?? image, "jpeg").bytes,
    );
  });

  test("takes files as Blob or bytes, keeps a path in front of /v1, and asks for nothing when it has the model", async () => {
    const seen: string[] = [];
    const { fetch } = fakeService(() => json(answerFor("L-MLO", 0.25)));
    const file = encodeTile(image, "png").bytes;
    for (const source of [file, file.buffer, new Blob([file])]) {
      vi.useRealTimers();
      const options = {
        ...base,
        url: "http://glam.example/a/b/",
        fetch: (url: string, init: RequestInit) => {
          seen.push(new URL(url).pathname);
          return fetch(url.replace("/a/b", ""), init);
        },
      };
      const { answer, model } = await segment(source, options);
      expect(answer.scores.benign).toBe(0.25);
      seen.length = 0;
      await segment(source, { ...options, model });
      expect(seen).toEqual(["/a/b/v1/segmentations"]);
    }
  });

  test("a fetch without response bodies: the answer comes as JSON, or the whole stream as one text", async () => {
    const whole2 = new Response(await stream(whole).text(), { headers: { "content-type": "text/event-stream" } });
    Object.defineProperty(whole2, "body", { value: undefined });
    const { fetch } = fakeService(() => whole2);
    expect(names((await watch({ fetch })).events)).toContain("region");

    const body = Object.getOwnPropertyDescriptor(Response.prototype, "body") ?? {};
    Reflect.deleteProperty(Response.prototype, "body");
    const service = fakeService(() => json(answerFor("L-MLO", 0.25)));
    vi.stubGlobal("fetch", service.fetch);
    try {
      const { events, result } = await watch({ fetch: undefined });
      expect(names(events)).toEqual(["preprocessed", "uploading", "uploading", "result"]);
      expect(result?.answer.scores.benign).toBe(0.25);
      expect(service.calls[0].headers.get("accept")).toBe("application/json");
    } finally {
      Object.defineProperty(Response.prototype, "body", body);
      vi.unstubAllGlobals();
    }
  });
});

describe("what goes wrong", () => {
  test("preprocessing and the service fail with the same kind of error", async () => {
    const black = { height: 128, width: 96, bits: 8, pixels: new Uint8Array(128 * 96) };
    const { fetch, calls } = fakeService(() => problem("background-not-zero"));
    const here = segment(black, { ...base, fetch });
    const caught = here.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    const error = await caught;
    expect(error).toBeInstanceOf(GlamError);
    expect(error).toMatchObject({ code: "constant-image" });
    expect(calls).toHaveLength(0);
    const there = await watch({ fetch });
    expect(there.error).toBeInstanceOf(ProblemError);
    expect(there.error).toMatchObject({ code: "background-not-zero", problem: { status: 422 }, accepted: false });
    expect(calls).toHaveLength(1);
  });

  test.each(["invalid-request", "unauthorized", "tile-damaged", "body-too-large", "internal-error"] as const)(
    "%s is not tried again",
    async (code) => {
      const { fetch, calls } = fakeService(() => problem(code));
      expect((await watch({ fetch })).error).toMatchObject({ code });
      expect(calls).toHaveLength(1);
    },
  );

  test.each(["busy", "too-many-requests", "out-of-memory"] as const)(
    "%s is tried again until it works",
    async (code) => {
      const { fetch, calls } = fakeService((_, i) => (i < 3 ? problem(code) : stream(whole)));
      const { events, result } = await watch({ fetch });
      expect(calls).toHaveLength(4);
      expect(result?.answer.scores.benign).toBe(0.25);
      const retries = events.flatMap((event) => (event.event === "retry" ? [event.data] : []));
      expect(retries.map(({ error, attempt, next }) => [error.code, attempt, next])).toEqual([
        [code, 1, "direct"],
        [code, 2, "direct"],
        [code, 3, "direct"],
      ]);
      const waits = retries.map(({ delayMs }) => delayMs);
      [500, 1000, 2000].forEach((ms, i) => {
        expect(waits[i]).toBeGreaterThanOrEqual(ms / 2);
        expect(waits[i]).toBeLessThanOrEqual(ms);
      });
    },
  );

  test("Retry-After is heeded; retries end; retries: 0 means none", async () => {
    const { fetch, calls } = fakeService(() => problem("busy", { "retry-after": "60" }));
    const { events, error } = await watch({ fetch, retries: 2 });
    expect(error).toMatchObject({ code: "busy", retryAfter: 60 });
    expect(calls).toHaveLength(3);
    for (const event of events) if (event.event === "retry") expect(event.data.delayMs).toBeGreaterThanOrEqual(60_000);
    expect((await watch({ fetch, retries: 0 })).error).toMatchObject({ code: "busy" });
    expect(calls).toHaveLength(4);
  });

  test("a network that fails before the image is accepted is tried again, directly when told so", async () => {
    const { fetch, calls } = fakeService((_, i) => (i < 2 ? offline() : stream(whole)));
    const { events, result } = await watch({ fetch, upload: "direct" });
    expect(result?.answer.scores.benign).toBe(0.25);
    expect(calls.map(({ path }) => path)).toEqual(Array(3).fill("/v1/segmentations"));
    expect(names(events).filter((name) => name === "retry")).toHaveLength(2);
  });

  test("a stream that breaks after the image was accepted is an error that says so", async () => {
    const { fetch, calls } = fakeService(() => stream(whole, 300));
    const { error, events } = await watch({ fetch });
    expect(names(events)).toContain("accepted");
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: "connection-lost", accepted: true });
    expect(calls).toHaveLength(1);
  });

  test("a problem at the end of a stream is that problem, and not tried again", async () => {
    const late = { type: "", code: "out-of-memory", title: "", status: 503, detail: "No room." };
    const { fetch, calls } = fakeService(() => stream([whole[0], ["problem", late]]));
    expect((await watch({ fetch })).error).toMatchObject({
      code: "out-of-memory",
      accepted: true,
      message: "No room.",
    });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ["a login page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["another JSON", () => json({ ok: true })],
    [
      "calibrated scores of another shape",
      () => json({ ...answerFor("L-MLO", 0.25), calibratedScores: { benign: 2 } }),
    ],
    ["calibrated scores that say not on what", () => json({ ...answerFor("L-MLO", 0.25), calibratedScores: halves })],
    ["an event of another shape", () => stream([["accepted", { id: 5 }]])],
    ["a 404 that is no problem document", () => new Response("no such page", { status: 404 })],
  ])("%s is an unexpected answer", async (_, answer) => {
    const { fetch, calls } = fakeService(answer);
    expect((await watch({ fetch })).error).toMatchObject({ name: "ConnectionError", code: "unexpected-answer" });
    expect(calls).toHaveLength(1);
  });

  test("calibrated scores come as the service sent them, early and at the end", async () => {
    const calibratedScores = { ...halves, fittedOn: "60 images" };
    const global: [string, unknown] = ["global", { ...(whole[1][1] as object), calibratedScores }];
    const result: [string, unknown] = ["result", { ...answerFor("L-MLO", 0.25), calibratedScores }];
    const { fetch } = fakeService(() => stream([whole[0], global, result]));
    const outcome = await watch({ fetch });
    expect(outcome.result?.answer.calibratedScores).toEqual(calibratedScores);
    const event = outcome.events.find((one) => one.event === "global");
    expect(event?.data).toMatchObject({ calibratedScores });
  });

  test("a gateway's 502 is tried again", async () => {
    const { fetch, calls } = fakeService((_, i) => (i === 0 ? new Response("bad", { status: 502 }) : stream(whole)));
    expect((await watch({ fetch })).result?.answer.scores.benign).toBe(0.25);
    expect(calls).toHaveLength(2);
  });

  test("a code of a newer service keeps its document", async () => {
    const { fetch } = fakeService(() => json({ code: "breast-on-fire", status: 422, detail: "!" }, 422));
    expect((await watch({ fetch })).error).toMatchObject({
      code: "invalid-request",
      problem: { code: "breast-on-fire" },
    });
  });
});

describe("AbortSignal", () => {
  const reason = new Error("the user left");
  test.each([
    ["before anything", 0],
    ["while the service is silent", 5_000],
  ])("%s", async (_, ms) => {
    const caller = new AbortController();
    // Heeds no signal, as a bad implementation would.
    const { fetch, calls } = fakeService(() => new Promise<Response>(() => {}));
    const caught = segment(image, { ...base, fetch, signal: caller.signal }).catch((error: unknown) => error);
    if (ms > 0) await vi.advanceTimersByTimeAsync(ms);
    expect(calls).toHaveLength(ms > 0 ? 1 : 0);
    caller.abort(reason);
    await vi.advanceTimersByTimeAsync(1);
    expect(await caught).toBe(reason);
    for (const { signal } of calls) expect(signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("in a pause, and in the middle of a stream, whose body is then cancelled", async () => {
    const caller = new AbortController();
    const busy = fakeService(() => problem("busy", { "retry-after": "100" }));
    const paused = segment(image, { ...base, fetch: busy.fetch, signal: caller.signal }).catch((e: unknown) => e);
    let cancelled = false;
    const silent = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const headers = { "content-type": "text/event-stream" };
    const slow = fakeService(() => new Response(silent, { headers }));
    const reading = segment(image, { ...base, fetch: slow.fetch, signal: caller.signal }).catch((e: unknown) => e);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([busy.calls.length, slow.calls.length]).toEqual([1, 1]);
    caller.abort(reason);
    await vi.advanceTimersByTimeAsync(1);
    expect(await paused).toBe(reason);
    expect(await reading).toBe(reason);
    expect(cancelled).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("silence for two minutes is a lost connection", async () => {
    const headers = { "content-type": "text/event-stream" };
    const { fetch } = fakeService(() => new Response(new ReadableStream(), { headers }));
    expect((await watch({ fetch, upload: "direct", retries: 0 })).error).toMatchObject({ code: "connection-lost" });
  });
});

/** The form that a call carried, read by another implementation. */
const formOf = ({ body, headers }: Call): Promise<FormData> =>
  new Response(body.slice(), { headers: { "content-type": headers.get("content-type") ?? "" } }).formData();
