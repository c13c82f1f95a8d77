import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { tinyCanvas, tinyForm, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import {
  type Ask,
  putTile,
  putTiles,
  readUpload,
  runUpload,
  startUpload,
  tileRequest,
  withoutId,
} from "../support/upload-client.ts";
import { placesTaken, storedIn } from "../support/upload-objects.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What becomes of the tile that the connection breaks at. */
const breaks = ["never sent", "cut off", "stored, but the answer is lost"] as const;

describe("an upload that is interrupted at a random tile", () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))("number %i gives the right answer", async (seed) => {
    const next = random(seed);
    const canvas = tinyCanvas(16, seed);
    const tiles = tinyTiles(canvas, "png");
    const order = tiles
      .map((tile) => ({ tile, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ tile }) => tile);
    const broken = Math.floor(next() * order.length);
    const how = breaks[Math.floor(next() * breaks.length)];
    const places = await placesTaken();

    const { id } = await startUpload(ask, { ...tinyRequest, regions: 2 });
    await putTiles(ask, id, order.slice(0, broken));
    const tile = order[broken];
    if (how === "stored, but the answer is lost") expect((await putTile(ask, id, tile)).status).toBe(200);
    if (how === "cut off") {
      // What reaches the Worker of a connection that breaks is a body that ends too early.
      const init = { ...(await tileRequest(tile)), body: tile.bytes.slice(0, Math.floor(next() * tile.bytes.length)) };
      const response = await ask(`/v1/uploads/${id}/tiles/${tile.row}/${tile.col}`, init);
      expect(response.status).toBe(400);
    }

    // The client comes back knowing nothing but the identifier.
    const there = new Set((await readUpload(ask, id)).received.map(({ row, col }) => `${row} ${col}`));
    expect(there.size).toBe(how === "stored, but the answer is lost" ? broken + 1 : broken);
    await putTiles(
      ask,
      id,
      tiles.filter(({ row, col }) => !there.has(`${row} ${col}`)),
    );
    const answer = await runUpload(ask, id);
    expect(answer.status).toBe(200);

    const body = tinyForm(canvas, "png", { regions: 2 });
    const direct = await ask("/v1/segmentations", { method: "POST", body });
    expect(withoutId(await answer.text())).toBe(withoutId(await direct.text()));
    expect(await storedIn(id)).toEqual({ keys: [], alarm: null });
    expect(await placesTaken()).toBe(places);
  });
});
