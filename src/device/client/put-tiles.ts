/**
 * @module
 * Tiles into an upload: what the service has is not sent again.
 */
import { encodeBase64 } from "../../bytes/base64.ts";
import { hex } from "../../bytes/hex.ts";
import { tileName } from "../../contract/grid.ts";
import type { EncodedTile } from "./encode-tiles.ts";
import { type Connection, callJson } from "./http.ts";
import { parallel } from "./parallel.ts";
import { sha256 } from "./sha256.ts";
import type { UploadState } from "./upload-state.ts";
import { childSignal } from "./within.ts";

/** One tile on a slow line, and calls that carry less. */
export const CALL_MS = 60_000;

/** Tiles under way at once: enough to hide the way there and back. */
const PARALLEL = 3;

export type DigestedTile = { tile: EncodedTile; sha256: Uint8Array };

export const digestTiles = (tiles: readonly EncodedTile[]): DigestedTile[] =>
  tiles.map((tile) => ({ tile, sha256: sha256(tile.bytes) }));

/**
 * Sends what is missing.
 * @returns (yields) bytes of the tiles that are there: first of those that were, then after each one
 * @throws ProblemError, ConnectionError, or the signal's reason
 */
export async function* putTiles(
  { id, received }: UploadState,
  tiles: readonly DigestedTile[],
  connection: Connection,
): AsyncGenerator<number, void, void> {
  const there = new Set(received.map(({ row, col, sha256 }) => `${tileName(row, col)} ${sha256}`));
  const rest = tiles.filter(({ tile, sha256 }) => !there.has(`${tileName(tile.row, tile.col)} ${hex(sha256)}`));
  const sum = (some: readonly DigestedTile[]) => some.reduce((bytes, { tile }) => bytes + tile.bytes.length, 0);
  let arrived = sum(tiles) - sum(rest);
  yield arrived;
  const puts = childSignal(connection.signal);
  try {
    for await (const bytes of parallel(rest, PARALLEL, (tile) =>
      put(tile, id, { ...connection, signal: puts.signal }),
    )) {
      arrived += bytes;
      yield arrived;
    }
  } finally {
    puts.end();
  }
}

async function put({ tile, sha256 }: DigestedTile, id: string, connection: Connection): Promise<number> {
  const { row, col, type, bytes } = tile;
  await callJson(connection, {
    method: "PUT",
    path: `/v1/uploads/${id}/tiles/${row}/${col}`,
    headers: { "content-type": type, "content-digest": `sha-256=:${encodeBase64(sha256)}:` },
    body: bytes,
    timeoutMs: CALL_MS,
  });
  return bytes.length;
}
