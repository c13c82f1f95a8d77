import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { segmentationSchema, uploadSchema } from "../../src/api/schemas.ts";
import { tinyCanvas, tinyForm, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import { type Ask, postUpload, putTile, readUpload, runUpload } from "../support/upload-client.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));

/** A text without the random identifier of the answer, which stands in it once or, in a stream, twice. */
const withoutId = (text: string): string => text.replaceAll(/"id":"[0-9a-f-]{36}"/g, '"id":""');

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
      expect(state).toEqual({ ...(await readUpload(ask, upload.id)) });
      expect(state).toMatchObject({ received: { length: i + 1 } });
    }
    const state = await readUpload(ask, upload.id);
    expect(state.received.map(({ row, col, bytes }) => ({ row, col, bytes }))).toEqual(
      tiles.map(({ row, col, bytes }) => ({ row, col, bytes: bytes.length })),
    );
    expect(state.expiresAt >= upload.expiresAt).toBe(true);
    const answer = await runUpload(ask, upload.id);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const text = await answer.text();
    expect(segmentationSchema.parse(JSON.parse(text))).toMatchObject({ status: "complete", tiles: tiles.length });
    expect(withoutId(text)).toBe(await direct(1, { regions: 3 }));
  });
});
