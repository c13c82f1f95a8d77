import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerFor, type Call, fakeService, json, offline, problem } from "../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../test/support/tiny-image.ts";
import { readContentDigest } from "../../contract/content-digest.ts";
import { uploadRequestSchema } from "../../contract/index.ts";
import { type KeptUpload, type SendEvent, type SendOptions, segmentCanvas } from "./index.ts";
import { cutTiles } from "./tiles.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Stored = Map<string, { row: number; col: number; bytes: number; sha256: string }>;

/** Uploads in memory; `intervene` may answer in their place. */
function uploads(intervene: (call: Call, index: number) => Response | undefined) {
  const open = new Map<string, Stored>();
  let count = 0;
  const service = fakeService((call, index) => {
    const own = intervene(call, index);
    if (own) return own;
    const [, , , id = "", , row, col] = call.path.split("/");
    if (call.path === "/v1/uploads") {
      uploadRequestSchema.parse(JSON.parse(Buffer.from(call.body).toString()));
      open.set(`upload-${++count}`, new Map());
      return json({ id: `upload-${count}`, received: [] }, 201);
    }
    const stored = open.get(id);
    if (stored === undefined) return problem("upload-not-found");
    if (call.method === "DELETE") {
      open.delete(id);
      return new Response(null, { status: 204 });
    }
    if (call.method === "PUT") {
      const sha256 = createHash("sha256").update(call.body).digest("hex");
      expect(readContentDigest(call.headers.get("content-digest"), "tile")).toBe(sha256);
      stored.set(`${row},${col}`, { row: Number(row), col: Number(col), bytes: call.body.length, sha256 });
    }
    if (call.path.endsWith("/segmentation")) {
      open.delete(id);
      return json({ ...answerFor("L-CC", 0.5), tiles: stored.size });
    }
    return json({ id, received: [...stored.values()] });
  });
  return { ...service, open, expire: () => open.clear() };
}

async function run(
  { fetch, url }: Pick<ReturnType<typeof uploads>, "fetch" | "url">,
  options: Partial<SendOptions> = {},
  events: SendEvent[] = [],
) {
  const going = segmentCanvas(
    { canvas: tinyCanvas(8) },
    { view: "L-CC" },
    { fetch, url, tileSide: 32, upload: "resumable", ...options },
  );
  const settled = (async () => {
    for await (const event of going) events.push(event);
    return going;
  })().catch((error: unknown) => error);
  for (let i = 0; i < 100; i++) await vi.advanceTimersByTimeAsync(1000);
  const retries = events.flatMap((event) =>
    event.event === "retry" ? [`${event.data.error.code} ${event.data.next}`] : [],
  );
  return { outcome: await settled, retries };
}
const tiles = cutTiles(tinyCanvas(8), { height: 32, width: 32 }, { skipBlank: true }).length;
const whole = expect.objectContaining({ tiles, scores: { benign: 0.5, malignant: 0.5, calibrated: false } });
const count = (calls: Call[], method: string, path: RegExp) =>
  calls.filter((call) => call.method === method && path.test(call.path)).length;

test("no tile is sent twice, whichever call the network loses", async () => {
  for (let lost = 0; lost < tiles + 2; lost++) {
    const service = uploads((_, index) => (index === lost ? offline() : undefined));
    const { outcome, retries } = await run(service);
    expect(outcome).toEqual(whole);
    expect(retries).toEqual(["connection-lost resumable"]);
    // The lost call itself, and what was under way beside it.
    expect(count(service.calls, "PUT", /tiles/)).toBeLessThanOrEqual(tiles + 3);
    expect(service.open.size).toBe(0);
  }
});

test("an upload that expired in the middle is begun anew", async () => {
  const service = uploads((_, index) => {
    if (index === 6) service.expire();
    return undefined;
  });
  const { outcome, retries } = await run(service);
  expect(outcome).toEqual(whole);
  expect(retries).toEqual(["upload-not-found resumable"]);
  expect(count(service.calls, "POST", /^\/v1\/uploads$/)).toBe(2);
});

test.each(["digest-mismatch", "upload-in-use", "too-many-uploads"] as const)("%s is tried again", async (code) => {
  const at = { "digest-mismatch": "/tiles/", "upload-in-use": "/segmentation", "too-many-uploads": "/uploads" }[code];
  let refused = 0;
  const service = uploads(({ path }) => (path.includes(at) && refused++ === 0 ? problem(code) : undefined));
  const { outcome, retries } = await run(service);
  expect(outcome).toEqual(whole);
  expect(retries).toEqual([`${code} resumable`]);
});

test("a tile that is refused ends the run and removes the upload", async () => {
  const service = uploads(({ path }) => (path.includes("/tiles/") ? problem("tile-damaged") : undefined));
  expect((await run(service)).outcome).toMatchObject({ code: "tile-damaged" });
  expect(count(service.calls, "DELETE", /./)).toBe(1);
  expect(service.open.size).toBe(0);
});

test("a partial answer is the run's, and its upload is removed, which the service would keep", async () => {
  const partial = { ...answerFor("L-CC", 0.5), status: "partial" };
  const service = uploads(({ path }) => (path.endsWith("/segmentation") ? json(partial) : undefined));
  expect((await run(service)).outcome).toMatchObject({ status: "partial" });
  expect(count(service.calls, "DELETE", /./)).toBe(1);
  expect(service.open.size).toBe(0);
});

test("auto goes on tile by tile after the service found the body too slow", async () => {
  let refused = 0;
  const service = uploads(({ path }) =>
    path === "/v1/segmentations" && refused++ === 0 ? problem("too-slow") : undefined,
  );
  expect(await run(service, { upload: "auto" })).toEqual({ outcome: whole, retries: ["too-slow resumable"] });
});

test.each(["direct", "resumable"] as const)("the ticket of a refusal goes with the next try: %s", async (upload) => {
  let asked = 0;
  const service = uploads(({ path }) => {
    if (!path.includes("segmentation")) return undefined;
    return [
      problem("busy", { "retry-after": "3", "glam-ticket": "first" }),
      problem("busy", { "retry-after": "1" }),
      problem("busy", { "retry-after": "1", "glam-ticket": "second" }),
      json({ ...answerFor("L-CC", 0.5), tiles }),
    ][asked++];
  });
  expect((await run(service, { upload })).outcome).toEqual(whole);
  const tickets = service.calls
    .filter(({ path }) => path.includes("segmentation"))
    .map(({ headers }) => headers.get("glam-ticket"));
  expect(tickets).toEqual([null, "first", "first", "second"]);
});

test("auto goes on tile by tile after a connection broke, and not after a refusal", async () => {
  const lost = uploads((_, index) => (index === 0 ? offline() : undefined));
  expect(await run(lost, { upload: "auto" })).toEqual({ outcome: whole, retries: ["connection-lost resumable"] });
  const busy = uploads((_, index) => (index === 0 ? problem("busy") : json(answerFor("L-CC", 0.5))));
  expect((await run(busy, { upload: "auto" })).retries).toEqual(["busy direct"]);
});

test.each(["uploads-unavailable", "not-found", "method-not-allowed"] as const)(
  "auto goes back to one form where there are no uploads: %s",
  async (code) => {
    const { fetch, url, calls } = fakeService(({ path }, index) => {
      if (index === 0 || index === 2) return offline();
      return path === "/v1/uploads" ? problem(code) : json(answerFor("L-CC", 0.5));
    });
    const { outcome, retries } = await run({ fetch, url }, { upload: "auto" });
    expect(outcome).toMatchObject({ scores: { benign: 0.5 } });
    expect(retries).toEqual(["connection-lost resumable", `${code} direct`, "connection-lost direct"]);
    expect(calls.map(({ path }) => path)).toEqual([
      "/v1/segmentations",
      "/v1/uploads",
      "/v1/segmentations",
      "/v1/segmentations",
    ]);
    expect((await run({ fetch, url }, { upload: "resumable" })).outcome).toMatchObject({ code });
  },
);

test("what arrives in between starts the count of retries anew; without it they end", async () => {
  let puts = 0;
  const patient = uploads(({ path }) => (path.includes("/tiles/") && ++puts % 4 === 0 ? offline() : undefined));
  const { outcome, retries } = await run(patient, { retries: 1 });
  expect(outcome).toEqual(whole);
  expect(retries.length).toBeGreaterThan(1);
  const dead = uploads(({ path }) => (path.includes("/tiles/") ? offline() : undefined));
  const ended = await run(dead, { retries: 3 });
  expect(ended.outcome).toMatchObject({ code: "connection-lost" });
  expect(ended.retries).toHaveLength(3);
});

test("an upload survives the program: what had arrived is not sent again, and another request begins anew", async () => {
  let cut = true;
  const service = uploads(({ method }, index) => (cut && method === "PUT" && index > 2 ? offline() : undefined));
  const events: SendEvent[] = [];
  const first = await run(service, { retries: 1, keepUpload: true }, events);
  const kept = events.flatMap((event) => (event.event === "uploading" ? (event.data.kept ?? []) : [])).at(-1);
  expect(first.outcome).toMatchObject({ code: "connection-lost" });
  expect(service.open.size).toBe(1);
  const stored = [...(service.open.get("upload-1") ?? [])].length;
  expect(stored).toBeGreaterThan(0);
  cut = false;
  // As it comes back from a store.
  const resume: KeptUpload = JSON.parse(JSON.stringify(kept));
  const before = service.calls.length;
  const second = await run(service, { resume, upload: "auto" });
  expect(second).toMatchObject({ outcome: whole, retries: [] });
  expect(count(service.calls.slice(before), "PUT", /tiles/)).toBe(tiles - stored);
  expect(count(service.calls.slice(before), "POST", /uploads$/)).toBe(0);

  // It is used up; and one that was opened for another grid of tiles does not fit.
  expect((await run(service, { resume })).outcome).toEqual(whole);
  const other = await run(service, { resume: { ...resume, id: "upload-9" }, tileSide: 16 });
  expect(other.outcome).toMatchObject({ scores: { benign: 0.5 } });
  expect(count(service.calls, "GET", /upload-9/)).toBe(0);
  const forged = { ...resume, id: "../models" };
  expect((await run(service, { resume: forged })).outcome).toEqual(whole);
  expect(count(service.calls, "GET", /models/)).toBe(0);
});

test("without being asked to keep it, a run that fails leaves no upload behind", async () => {
  const service = uploads(({ method }) => (method === "PUT" ? offline() : undefined));
  expect((await run(service, { retries: 1 })).outcome).toMatchObject({ code: "connection-lost" });
  expect(service.open.size).toBe(0);
});
