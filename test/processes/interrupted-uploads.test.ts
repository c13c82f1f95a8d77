import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EncodedTile } from "../../src/device/client/encode-tiles.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { openPost, openRequest, type RawConnection, write } from "../support/raw-http.ts";
import { tinyCanvas, tinyForm, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import {
  type Ask,
  contentDigest,
  problemIn,
  putTiles,
  readUpload,
  runUpload,
  startUpload,
  withoutId,
} from "../support/upload-client.ts";

const over =
  (worker: BareWorker): Ask =>
  (path, init) =>
    fetch(new URL(path, worker.url), init);

/** Sends a tile up to the given byte, and no further. */
async function beginTile(worker: BareWorker, id: string, tile: EncodedTile, bytes: number): Promise<RawConnection> {
  const url = new URL(`/v1/uploads/${id}/tiles/${tile.row}/${tile.col}`, worker.url);
  const connection = await openRequest("PUT", url, {
    "content-type": tile.type,
    "content-digest": await contentDigest(tile.bytes),
    "content-length": String(tile.bytes.length),
  });
  await write(connection, tile.bytes.subarray(0, bytes));
  return connection;
}

describe("connections that break in the middle of a tile", () => {
  let worker: BareWorker;
  beforeAll(async () => {
    worker = await startBareWorker({ FANOUT: "inline", DEADLINE_MS: "300000" });
  });
  afterAll(() => worker.stop());

  test.each(["resetAndDestroy", "end"] as const)(
    "%s: the tile is not there; the rest is, and the answer is right",
    async (leave) => {
      const ask = over(worker);
      for (let i = 0; i < 5; i++) {
        const tiles = tinyTiles(tinyCanvas(16, i), "png");
        const { id } = await startUpload(ask, { ...tinyRequest, regions: 1 });
        await putTiles(ask, id, tiles.slice(0, i));
        const connection = await beginTile(worker, id, tiles[i], 100 + 150 * i);
        connection.socket[leave]();
        await connection.closed;
        expect((await readUpload(ask, id)).received).toHaveLength(i);
        await putTiles(ask, id, tiles.slice(i));
        const body = tinyForm(tinyCanvas(16, i), "png", { regions: 1 });
        const direct = await (await ask("/v1/segmentations", { method: "POST", body })).text();
        expect(withoutId(await (await runUpload(ask, id)).text())).toBe(withoutId(direct));
        expect((await ask(`/v1/uploads/${id}`)).status).toBe(404);
      }
    },
  );

  test("a tile that never ends holds nothing up", async () => {
    const ask = over(worker);
    const tiles = tinyTiles(tinyCanvas(16), "png");
    const { id } = await startUpload(ask, tinyRequest);
    const stalled = await beginTile(worker, id, tiles[0], 200);
    await putTiles(ask, id, tiles);
    expect((await runUpload(ask, id)).status).toBe(200);
    await write(stalled, tiles[0].bytes.subarray(200));
    await expect.poll(stalled.received, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 404 .*"code":"upload-not-found"/s);
    stalled.socket.destroy();
  });
});

describe("a connection that breaks in the middle of a run", () => {
  let worker: BareWorker;
  let arrived = 0;
  /** Takes crops and never answers. */
  const silent = createServer(() => void arrived++);
  beforeAll(async () => {
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const FANOUT_URLS = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    worker = await startBareWorker({ FANOUT: "https", FANOUT_URLS, DEADLINE_MS: "600000", CROP_DEADLINE_MS: "600000" });
  });
  afterAll(async () => {
    await worker.stop();
    silent.closeAllConnections();
    silent.close();
  });

  test.each(["application/json", "text/event-stream"])(
    "%s: the upload is kept, and can be run again",
    async (accept) => {
      const ask = over(worker);
      const tiles = tinyTiles(tinyCanvas(16), "png");
      const { id } = await startUpload(ask, { ...tinyRequest, regions: 2 });
      await putTiles(ask, id, tiles);
      const url = new URL(`/v1/uploads/${id}/segmentation`, worker.url);
      for (let run = 0; run < 2; run++) {
        arrived = 0;
        const connection = await openPost(url, { accept, "content-length": "0" });
        await expect.poll(() => arrived, { timeout: 60_000 }).toBe(2);
        expect(await problemIn(await runUpload(ask, id))).toMatchObject({ code: "upload-in-use" });
        connection.socket.resetAndDestroy();
        // A tile cannot change while a run has the upload; when it can, the run has given it back.
        const change = async () => (await putOther(ask, id, tiles[0])).status;
        await expect.poll(change, { timeout: 20_000 }).toBe(200);
        expect((await readUpload(ask, id)).received).toHaveLength(tiles.length);
      }
      expect((await ask(`/v1/uploads/${id}`, { method: "DELETE" })).status).toBe(204);
    },
  );
});

/** Replaces a tile by the same pixels in another file. */
async function putOther(ask: Ask, id: string, tile: EncodedTile): Promise<Response> {
  const bytes = new Uint8Array([...tile.bytes, Math.floor(Math.random() * 256)]);
  return ask(`/v1/uploads/${id}/tiles/${tile.row}/${tile.col}`, {
    method: "PUT",
    body: bytes,
    headers: { "content-type": tile.type, "content-digest": await contentDigest(bytes) },
  });
}
