import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { bucket, withTrouble } from "../support/bucket.ts";
import { tinyCanvas, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import { type Ask, problemIn, putTile, putTiles, readUpload, startUpload } from "../support/upload-client.ts";
import { amend, objectOf, ring, storedIn } from "../support/upload-objects.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const tiles = tinyTiles(tinyCanvas(16), "png");
const nothing = { keys: [], alarm: null };
const begin = async (): Promise<string> => (await startUpload(ask, tinyRequest)).id;
const remove = (id: string) => ask(`/v1/uploads/${id}`, { method: "DELETE" });
const inBucket = async (id: string) => (await storedIn(id)).keys.filter((key) => /^[0-9a-f]{64}\//.test(key));

describe.runIf(bucket)("while a bucket takes a tile", () => {
  /** Puts a tile, does something while it is under way, and lets it end. @returns its answers */
  async function meanwhile(id: string, times: number, work: () => Promise<unknown>): Promise<Response[]> {
    let answers: Response[] = [];
    const object = await objectOf(id);
    await withTrouble(object, async (trouble) => {
      trouble.held = object;
      const puts = Array.from({ length: times }, () => putTile(ask, id, tiles[0]));
      await expect.poll(() => trouble.waiting).toBe(times);
      await work();
      trouble.held = undefined;
      answers = await Promise.all(puts);
    });
    return answers;
  }

  test("its upload is deleted: the tile is refused and nothing stays", async () => {
    const id = await begin();
    const [answer] = await meanwhile(id, 1, async () => {
      expect((await remove(id)).status).toBe(204);
      expect((await storedIn(id)).keys).toEqual([expect.stringMatching(/^unheld:/)]);
    });
    expect(await problemIn(answer)).toMatchObject({ code: "upload-not-found" });
    await expect.poll(() => storedIn(id)).toEqual(nothing);
  });

  test("its upload is taken for a run: the tile is refused", async () => {
    const id = await begin();
    const [answer] = await meanwhile(id, 1, async () => (await objectOf(id)).take(60_000));
    expect(await problemIn(answer)).toMatchObject({ code: "upload-in-use" });
    expect(await problemIn(await putTile(ask, id, tiles[1]))).toMatchObject({ code: "upload-in-use" });
    expect(await inBucket(id)).toEqual([]);
    expect((await remove(id)).status).toBe(204);
  });

  test("it comes twice: it is there once", async () => {
    const id = await begin();
    const answers = await meanwhile(id, 2, async () => {});
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await inBucket(id)).toHaveLength(1);
    expect((await readUpload(ask, id)).received).toHaveLength(1);
    await remove(id);
  });
});

describe.runIf(bucket)("a bucket that does not answer", () => {
  test("makes a tile wait, and keeps none", async () => {
    const id = await begin();
    await withTrouble(await objectOf(id), async (trouble) => {
      trouble.failing = "put";
      expect(await problemIn(await putTile(ask, id, tiles[0]))).toMatchObject({ code: "busy" });
    });
    expect((await readUpload(ask, id)).received).toEqual([]);
    await remove(id);
  });

  test.each(["DELETE", "expiry"])("makes nothing stay: after %s the alarm tries again", async (end) => {
    const id = await begin();
    await putTiles(ask, id, tiles);
    await withTrouble(await objectOf(id), async (trouble) => {
      trouble.failing = "delete";
      if (end === "DELETE") expect((await remove(id)).status).toBe(204);
      else {
        await amend(id, { expiresAt: Date.now() - 1 });
        await ring(id);
      }
      expect((await ask(`/v1/uploads/${id}`)).status).toBe(404);
      const { keys, alarm } = await storedIn(id);
      expect(keys.filter((key) => key.startsWith("unheld:"))).toHaveLength(tiles.length);
      expect(keys).toHaveLength(2 * tiles.length);
      expect(alarm).toBeGreaterThan(Date.now());
    });
    await expect.poll(() => storedIn(id), { timeout: 30_000, interval: 300 }).toEqual(nothing);
  });
});
