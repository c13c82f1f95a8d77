import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { segmentationSchema, uploadSchema } from "../../src/contract/index.ts";
import { tinyCanvas, tinyForm, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import {
  type Ask,
  postUpload,
  problemIn,
  putTile,
  putTiles,
  readUpload,
  runUpload,
  startUpload,
  withoutId,
} from "../support/upload-client.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const stream = { accept: "text/event-stream" };

/** What the direct route answers. */
async function direct(seed: number, request: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const body = tinyForm(tinyCanvas(16, seed), "png", request);
  const response = await ask("/v1/segmentations", { method: "POST", body, headers });
  expect(response.status).toBe(200);
  return withoutId(await response.text());
}

describe("an upload in tiles", () => {
  test("tells what is there, and its answer has the bytes of the direct one", async () => {
    const tiles = tinyTiles(tinyCanvas(16, 1), "png");
    const response = await postUpload(ask, { ...tinyRequest, regions: 3 });
    expect(response.status).toBe(201);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const upload = uploadSchema.parse(await response.json());
    expect(response.headers.get("location")).toBe(`/v1/uploads/${upload.id}`);
    expect(upload).toMatchObject({ rows: 3, columns: 3, received: [], limits: { maxBytes: 32 * 1024 * 1024 } });
    for (const [i, tile] of tiles.entries()) {
      const state = await (await putTile(ask, upload.id, tile)).json();
      expect(state).toEqual(await readUpload(ask, upload.id));
      expect(state).toMatchObject({ received: { length: i + 1 } });
    }
    const state = await readUpload(ask, upload.id);
    expect(state.received.map(({ row, col, bytes }) => ({ row, col, bytes }))).toEqual(
      tiles.map(({ row, col, bytes }) => ({ row, col, bytes: bytes.length })),
    );
    const answer = await runUpload(ask, upload.id);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const text = await answer.text();
    expect(segmentationSchema.parse(JSON.parse(text))).toMatchObject({ status: "complete", tiles: tiles.length });
    expect(withoutId(text)).toBe(await direct(1, { regions: 3 }));
    expect(await problemIn(await ask(`/v1/uploads/${upload.id}`))).toMatchObject({ code: "upload-not-found" });
  });

  test("a stream has the bytes of the direct one, too", async () => {
    const { id } = await startUpload(ask, { ...tinyRequest, regions: 2 });
    await putTiles(ask, id, tinyTiles(tinyCanvas(16, 2), "png"));
    const response = await runUpload(ask, id, { headers: stream });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(inOrder(withoutId(await response.text()))).toEqual(inOrder(await direct(2, { regions: 2 }, stream)));
    expect(await problemIn(await runUpload(ask, id))).toMatchObject({ code: "upload-not-found" });
  });

  test("any order, the same tile again, and tiles that are replaced make no difference", async () => {
    const { id } = await startUpload(ask, tinyRequest);
    const right = tinyTiles(tinyCanvas(16, 3), "png").toReversed();
    await putTiles(ask, id, tinyTiles(tinyCanvas(16, 4), "png"));
    await putTiles(ask, id, right);
    const once = await readUpload(ask, id);
    await putTiles(ask, id, right);
    expect((await readUpload(ask, id)).received).toEqual(once.received);
    expect(withoutId(await (await runUpload(ask, id)).text())).toBe(await direct(3));
  });

  test("JPEG tiles are taken as they are", async () => {
    const { id } = await startUpload(ask, tinyRequest);
    await putTiles(ask, id, tinyTiles(tinyCanvas(8, 3), "jpeg"));
    const body = tinyForm(tinyCanvas(8, 3), "jpeg");
    const expected = await (await ask("/v1/segmentations", { method: "POST", body })).text();
    expect(withoutId(await (await runUpload(ask, id)).text())).toBe(withoutId(expected));
  });

  test("tiles that are missing are background, as in a form", async () => {
    const { id } = await startUpload(ask, tinyRequest);
    const some = tinyTiles(tinyCanvas(16), "png").filter(({ row }) => row < 2);
    await putTiles(ask, id, some);
    const form = tinyForm(tinyCanvas(16), "png");
    for (const name of [...form.keys()]) if (name.startsWith("tile-2")) form.delete(name);
    const expected = await (await ask("/v1/segmentations", { method: "POST", body: form })).text();
    expect(withoutId(await (await runUpload(ask, id)).text())).toBe(withoutId(expected));
  });

  test("what the same tiles would always be refused for ends the upload", async () => {
    const empty = await startUpload(ask, tinyRequest);
    expect(await problemIn(await runUpload(ask, empty.id, { headers: stream }))).toMatchObject({ code: "no-tiles" });
    expect((await ask(`/v1/uploads/${empty.id}`)).status).toBe(404);
    const mixed = await startUpload(ask, tinyRequest);
    const deep = tinyTiles(tinyCanvas(16), "png");
    await putTiles(ask, mixed.id, [deep[0], tinyTiles(tinyCanvas(8), "png")[1]]);
    expect(await problemIn(await runUpload(ask, mixed.id))).toMatchObject({ code: "tile-bit-depth", at: "tile-0-1" });
    expect((await ask(`/v1/uploads/${mixed.id}`)).status).toBe(404);
  });

  test("a deleted upload is gone, for every method", async () => {
    const { id } = await startUpload(ask, tinyRequest);
    const [tile] = tinyTiles(tinyCanvas(16), "png");
    await putTiles(ask, id, [tile]);
    const gone = await ask(`/v1/uploads/${id}`, { method: "DELETE" });
    expect(gone.status).toBe(204);
    expect(await gone.text()).toBe("");
    const answers = [
      await ask(`/v1/uploads/${id}`),
      await ask(`/v1/uploads/${id}`, { method: "DELETE" }),
      await putTile(ask, id, tile),
      await runUpload(ask, id),
      await runUpload(ask, id, { headers: stream }),
    ];
    for (const answer of answers) expect(await problemIn(answer)).toMatchObject({ code: "upload-not-found" });
  });
});

/** Events of a stream; regions come as their crops return, so theirs are sorted. */
const inOrder = (text: string): string[] =>
  text
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .sort();
