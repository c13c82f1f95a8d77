import { evictDurableObject, listDurableObjectIds } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/edge/api/app.ts";
import { createServices, type ServiceParts } from "../../src/edge/api/services.ts";
import { readSettings } from "../../src/edge/api/settings.ts";
import { inlineTransport } from "../../src/edge/fanout/inline.ts";
import type { Transport } from "../../src/edge/fanout/transport.ts";
import { type Env, isolateServices } from "../../src/edge/isolate.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { bucket } from "../support/bucket.ts";
import { tinyCanvas, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import {
  type Ask,
  postUpload,
  problemIn,
  putTile,
  putTiles,
  readUpload,
  runUpload,
  startUpload,
} from "../support/upload-client.ts";
import { amend, dumped, objectOf, placesTaken, ring, storedIn, uploadObjects } from "../support/upload-objects.ts";

const bindings = env as Env;
const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const tiles = tinyTiles(tinyCanvas(16), "png");
const nothing = { keys: [], alarm: null };
/** A piece in a row, or an object in the bucket: nothing but random bits, and the object's identifier. */
const pieceKey = bucket ? /^[0-9a-f]{64}\/[0-9a-f-]{36}/m : /^piece:[0-9a-f-]{36}:\d{3}/m;

/** The API with other variables or parts. */
function askWith(variables: Record<string, string>, parts: Partial<ServiceParts> = {}): Ask {
  const settings = readSettings({ ...bindings, ...variables });
  const shared = isolateServices(bindings);
  const served = createApp(
    createServices({ ...shared, settings, log: () => {}, transport: inlineTransport, ...parts }),
  );
  return (path, init) => served.request(new Request(`https://glam.example${path}`, init));
}

/** The API with a global network that does this instead of running. */
const askOver = (run: () => Promise<never>, variables: Record<string, string> = {}): Ask =>
  askWith(variables, { registry: { ...isolateServices(bindings).registry, globalNetwork: async () => ({ run }) } });

/** An upload with all its tiles. */
async function filled(over: Ask = ask): Promise<string> {
  const { id } = await startUpload(over, tinyRequest);
  await putTiles(over, id, tiles);
  return id;
}

describe("what is stored", () => {
  test("tiles while the upload is open; nothing after it expired", async () => {
    const places = await placesTaken();
    const id = await filled();
    const { keys, alarm } = await storedIn(id);
    expect(keys).toHaveLength(1 + 2 * tiles.length);
    expect(alarm).toBe(Date.parse((await readUpload(ask, id)).expiresAt));
    expect(await placesTaken()).toBe(places + 1);
    await amend(id, { expiresAt: Date.now() - 1 });
    expect(await ring(id)).toBe(true);
    expect(await storedIn(id)).toEqual(nothing);
    expect(await placesTaken()).toBe(places);
    expect(await ring(id)).toBe(false);
    expect(await problemIn(await ask(`/v1/uploads/${id}`))).toMatchObject({ code: "upload-not-found" });
  });

  test("no tile can be read in the storage, and the identifier is not there", async () => {
    const id = await filled();
    const stored = await dumped(id);
    expect(stored).toMatch(pieceKey);
    for (const mark of ["PNG", "IHDR", "IDAT", id]) expect(stored).not.toContain(mark);
    await ask(`/v1/uploads/${id}`, { method: "DELETE" });
  });

  test("the alarm comes by itself", async () => {
    const id = await filled(askWith({ UPLOAD_TTL_MS: "1500" }));
    expect((await storedIn(id)).keys).not.toEqual([]);
    await expect.poll(() => storedIn(id), { timeout: 60_000, interval: 300 }).toEqual(nothing);
  });

  test("an alarm that comes too early ends nothing and comes again", async () => {
    const id = await filled();
    expect(await ring(id)).toBe(true);
    const { keys, alarm } = await storedIn(id);
    expect(keys).toHaveLength(1 + 2 * tiles.length);
    expect(alarm).toBe(Date.parse((await readUpload(ask, id)).expiresAt));
    await ask(`/v1/uploads/${id}`, { method: "DELETE" });
    expect(await storedIn(id)).toEqual(nothing);
  });

  test("an upload whose time has come is gone though its alarm is late, for every method", async () => {
    const late = async () => {
      const id = await filled();
      await amend(id, { expiresAt: Date.now() - 1 });
      return id;
    };
    const asked: ((id: string) => Response | Promise<Response>)[] = [
      (id) => ask(`/v1/uploads/${id}`),
      (id) => ask(`/v1/uploads/${id}`, { method: "DELETE" }),
      (id) => putTile(ask, id, tiles[0]),
      (id) => runUpload(ask, id),
    ];
    for (const each of asked) {
      const id = await late();
      expect(await problemIn(await each(id))).toMatchObject({ code: "upload-not-found" });
      expect(await storedIn(id)).toEqual(nothing);
    }
  });

  test("each tile moves the end, up to a hard one", async () => {
    const served = askWith({ UPLOAD_TTL_MS: "600000", UPLOAD_MAX_MS: "900000" });
    const { id } = await startUpload(served, tinyRequest);
    const endsAt = Date.now() + 3000;
    await amend(id, { expiresAt: Date.now() + 1000, endsAt });
    const early = Date.parse((await readUpload(ask, id)).expiresAt);
    await putTiles(ask, id, tiles.slice(0, 1));
    const moved = Date.parse((await readUpload(ask, id)).expiresAt);
    expect(moved).toBeGreaterThan(early);
    expect(moved).toBe(endsAt);
    expect((await storedIn(id)).alarm).toBe(endsAt);
    await ask(`/v1/uploads/${id}`, { method: "DELETE" });
  });

  test("nothing after the result, after a refusal, after DELETE", async () => {
    const places = await placesTaken();
    const used = await filled();
    expect((await runUpload(ask, used)).status).toBe(200);
    const streamed = await filled();
    await (await runUpload(ask, streamed, { headers: { accept: "text/event-stream" } })).text();
    const refused = (await startUpload(ask, tinyRequest)).id;
    expect((await runUpload(ask, refused)).status).toBe(422);
    const deleted = await filled();
    expect((await ask(`/v1/uploads/${deleted}`, { method: "DELETE" })).status).toBe(204);
    for (const id of [used, streamed, refused, deleted]) expect(await storedIn(id)).toEqual(nothing);
    expect(await placesTaken()).toBe(places);
  });

  test("an identifier that is not ours creates no object", async () => {
    await startUpload(ask, tinyRequest);
    const before = await listDurableObjectIds(uploadObjects);
    for (const id of ["A".repeat(48), "x", "session"]) {
      expect((await ask(`/v1/uploads/${id}`)).status).toBe(404);
      expect((await putTile(ask, id, tiles[0])).status).toBe(404);
      expect((await runUpload(ask, id)).status).toBe(404);
      expect((await ask(`/v1/uploads/${id}`, { method: "DELETE" })).status).toBe(404);
    }
    expect(await listDurableObjectIds(uploadObjects)).toHaveLength(before.length);
    const never = await objectOf("never-created");
    expect(await never.state()).toEqual({ refused: "upload-not-found" });
    expect(await never.take(1000)).toEqual({ refused: "upload-not-found" });
    expect(await storedIn("never-created")).toEqual(nothing);
  });

  test("a tile of several megabytes is put together again, also by another instance", async () => {
    const { id } = await startUpload(ask, tinyRequest);
    const sealed = new Uint8Array(3_500_000).map((_, i) => i * 7 + (i >> 11));
    const bytes = sealed.length;
    const object = await objectOf(id);
    await object.put({ row: 1, col: 2, mediaType: "image/png", sha256: "a", bytes, sealed });
    const pieces = async () => (await storedIn(id)).keys.filter((key) => pieceKey.test(key));
    expect(await pieces()).toHaveLength(bucket ? 1 : 4);
    await evictDurableObject(object);
    const taken = await object.take(60_000);
    if ("refused" in taken) throw new Error(taken.refused);
    const [tile] = [await object.tiles(taken.token, 0, 1)].flat();
    expect("sealed" in tile && tile.sealed).toEqual(sealed);
    await object.giveBack(taken.token);
    await object.put({ row: 1, col: 2, mediaType: "image/png", sha256: "b", bytes, sealed: sealed.subarray(0, 10) });
    expect(await pieces()).toHaveLength(1);
    await ask(`/v1/uploads/${id}`, { method: "DELETE" });
    expect(await storedIn(id)).toEqual(nothing);
  });
});

describe("whose an upload is", () => {
  const keys = ["the-key-of-one-hospital", "the-key-of-another-one"];
  const served = askWith({ API_KEYS: keys.join() }, { rateLimiter: undefined, tileRateLimiter: undefined });
  const withKey =
    (key: string): Ask =>
    (path, init) =>
      served(path, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), "x-api-key": key } });
  const [own, other] = keys.map(withKey);

  test("under another key it does not exist, for every method; under its own it is as it was", async () => {
    const id = await filled(own);
    for (const ask of [other, withKey("no-key-of-anybody-here")]) {
      const expected = ask === other ? "upload-not-found" : "forbidden";
      for (const answer of [
        await ask(`/v1/uploads/${id}`),
        await putTile(ask, id, tiles[0]),
        await runUpload(ask, id),
        await ask(`/v1/uploads/${id}`, { method: "DELETE" }),
      ]) {
        expect((await problemIn(answer)).code).toBe(expected);
      }
    }
    expect((await readUpload(own, id)).received).toHaveLength(tiles.length);
    expect((await runUpload(own, id)).status).toBe(200);
    expect((await own(`/v1/uploads/${id}`)).status).toBe(404);
  });
});

describe("how many and how large", () => {
  test("a tile and an upload may have so many bytes; the refused tile is not there, a smaller one is taken", async () => {
    const sizes = tiles.map(({ bytes }) => bytes.length);
    const small = askWith({ MAX_BODY_MB: String((sizes[0] - 1) / 1024 / 1024) });
    const first = await startUpload(small, tinyRequest);
    expect(first.limits).toEqual({ maxTileBytes: sizes[0] - 1, maxBytes: sizes[0] - 1 });
    expect(await problemIn(await putTile(small, first.id, tiles[0]))).toMatchObject({ code: "tile-too-large" });
    const two = askWith({ MAX_BODY_MB: String((sizes[0] + sizes[1]) / 1024 / 1024) });
    const { id } = await startUpload(two, tinyRequest);
    await putTiles(two, id, tiles.slice(0, 2));
    expect(await problemIn(await putTile(two, id, tiles[2]))).toMatchObject({ code: "upload-too-large" });
    expect((await readUpload(two, id)).received).toHaveLength(2);
    // The same place again takes no more room.
    await putTiles(two, id, tiles.slice(0, 2));
    for (const open of [first.id, id]) await ask(`/v1/uploads/${open}`, { method: "DELETE" });
  });

  test("so many may be open; a place is free again after DELETE, use, or when it ends by itself", async () => {
    const places = await placesTaken();
    const served = askWith({ MAX_UPLOADS: String(places + 1) });
    const open = await startUpload(served, tinyRequest);
    const full = await problemIn(await postUpload(served, tinyRequest));
    expect(full).toMatchObject({ code: "too-many-uploads", status: 503 });
    expect(Number(full.retryAfter)).toBeGreaterThan(0);
    await ask(`/v1/uploads/${open.id}`, { method: "DELETE" });
    const next = await filled(served);
    expect((await postUpload(served, tinyRequest)).status).toBe(503);
    expect((await runUpload(served, next)).status).toBe(200);
    expect(await placesTaken()).toBe(places);
    const brief = askWith({ MAX_UPLOADS: String(places + 1), UPLOAD_TTL_MS: "100", UPLOAD_MAX_MS: "100" });
    await startUpload(brief, tinyRequest);
    await expect.poll(async () => (await postUpload(brief, tinyRequest)).status, { timeout: 30_000 }).toBe(201);
  });
});

describe("runs", () => {
  test("one at a time: the second is told, tiles stay as they are, and the first one's answer comes", async () => {
    const id = await filled();
    const go = Promise.withResolvers<void>();
    const { registry } = isolateServices(bindings);
    const waiting = askWith(
      {},
      {
        registry: {
          ...registry,
          async globalNetwork(name) {
            await go.promise;
            return registry.globalNetwork(name);
          },
        },
      },
    );
    const first = runUpload(waiting, id);
    await expect.poll(async () => (await runUpload(ask, id)).status).toBe(409);
    const second = await problemIn(await runUpload(ask, id));
    expect(second).toMatchObject({ code: "upload-in-use" });
    expect(Number(second.retryAfter)).toBeGreaterThan(0);
    expect(Number(second.retryAfter)).toBeLessThanOrEqual(30);
    expect(await problemIn(await putTile(ask, id, tiles[0]))).toMatchObject({ code: "upload-in-use" });
    expect((await readUpload(ask, id)).received).toHaveLength(tiles.length);
    go.resolve();
    expect((await first).status).toBe(200);
    expect(await storedIn(id)).toEqual(nothing);
  });

  const passing: [string, Ask, string][] = [
    [
      "the server is out of memory",
      askOver(() => Promise.reject(new GlamError("out-of-memory", "Full."))),
      "out-of-memory",
    ],
    ["something unexpected happens", askOver(() => Promise.reject(new TypeError("Doe, Jane"))), "internal-error"],
    ["time runs out", askOver(() => new Promise(() => {}), { DEADLINE_MS: "300" }), "deadline-exceeded"],
  ];
  test.each(passing)("when %s the upload is kept and can be run again", async (_, broken, code) => {
    for (const accept of ["application/json", "text/event-stream"]) {
      const id = await filled();
      const response = await runUpload(broken, id, { headers: { accept } });
      expect(await response.text()).toContain(`"code":"${code}"`);
      expect((await readUpload(ask, id)).received).toHaveLength(tiles.length);
      expect((await runUpload(ask, id)).status).toBe(200);
    }
  });

  test("a partial answer leaves the tiles, and the next run makes it whole", async () => {
    const broken: Transport = { name: "https", targets: 1, send: () => Promise.reject(new TypeError("gone")) };
    const lame = askWith({}, { transport: () => broken });
    for (const accept of ["application/json", "text/event-stream"]) {
      const id = await filled();
      const response = await runUpload(lame, id, { headers: { accept } });
      expect(await response.text()).toContain('"status":"partial"');
      expect((await readUpload(ask, id)).received).toHaveLength(tiles.length);
      expect(await (await runUpload(ask, id)).json()).toMatchObject({ status: "complete" });
      expect(await storedIn(id)).toEqual(nothing);
    }
  });

  test("when the caller goes away before the result the upload is kept", async () => {
    for (const accept of ["application/json", "text/event-stream"]) {
      const id = await filled();
      const caller = new AbortController();
      const begun = Promise.withResolvers<void>();
      const slow = askOver(() => {
        begun.resolve();
        return new Promise(() => {});
      });
      const asked = runUpload(slow, id, { headers: { accept }, signal: caller.signal });
      await begun.promise;
      caller.abort();
      await Promise.resolve(asked)
        .then((response) => response.text())
        .catch(() => {});
      await expect.poll(async () => (await runUpload(ask, id)).status).toBe(200);
      expect(await storedIn(id)).toEqual(nothing);
    }
  });

  test("a run that was cut off without a word loses the upload in the end", async () => {
    const id = await filled();
    expect(await (await objectOf(id)).take(60_000)).toMatchObject({ request: JSON.stringify(tinyRequest) });
    expect((await runUpload(ask, id)).status).toBe(409);
    await amend(id, { run: { token: "lost", until: Date.now() - 1, leaseMs: 60_000 } });
    expect((await runUpload(ask, id)).status).toBe(200);
  });

  test("a run keeps the upload by a sign of life, and only its own", async () => {
    const id = await filled();
    const object = await objectOf(id);
    const taken = await object.take(900_000);
    if ("refused" in taken) throw new Error(taken.refused);
    const secondsLeft = async () => Number((await problemIn(await runUpload(ask, id))).retryAfter);
    await object.renew("another", 3_600_000);
    const before = await secondsLeft();
    expect(before).toBeGreaterThan(600);
    expect(before).toBeLessThanOrEqual(900);
    await object.renew(taken.token, 3_600_000);
    expect(await secondsLeft()).toBeGreaterThan(900);
    // Another instance knows what is stored only.
    await evictDurableObject(object);
    expect(await secondsLeft()).toBeGreaterThan(900);
    await (await objectOf(id)).giveBack(taken.token);
    expect((await runUpload(ask, id)).status).toBe(200);
  });

  test("an upload that is deleted while it runs still gives its answer, or is not found", async () => {
    const id = await filled();
    const [run, gone] = await Promise.all([runUpload(ask, id), ask(`/v1/uploads/${id}`, { method: "DELETE" })]);
    expect(gone.status).toBe(204);
    expect([200, 404]).toContain(run.status);
    expect(await storedIn(id)).toEqual(nothing);
  });
});
