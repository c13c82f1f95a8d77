/**
 * @module
 * Tiles in a Durable Object's storage: one small entry that lists a tile, and its bytes in pieces, because a value may have
 * 2 MB at most. Keys order tiles by row, then by column.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { concatenate } from "../../bytes/concatenate.ts";
import type { SealedTile } from "./protocol.ts";

/** A tile without what is in it. */
export type ListedTile = Omit<SealedTile, "sealed">;

const PIECE_BYTES = 1024 * 1024;

const place = (row: number, col: number): string => `${String(row).padStart(5, "0")}-${String(col).padStart(5, "0")}`;
const listKey = (row: number, col: number): string => `tile:${place(row, col)}`;
const piecePrefix = (row: number, col: number): string => `piece:${place(row, col)}:`;

/** All tiles, by row, then by column. */
export const listTiles = ({ kv }: ObjectStorage): ListedTile[] =>
  Array.from(kv.list<ListedTile>({ prefix: "tile:" }), ([, tile]) => tile);

/** Stores a tile where there is none. */
export function writeTile({ kv }: ObjectStorage, { sealed, ...listed }: SealedTile): void {
  const { row, col } = listed;
  for (let piece = 0, from = 0; from < sealed.length; piece++, from += PIECE_BYTES) {
    const key = `${piecePrefix(row, col)}${String(piece).padStart(3, "0")}`;
    // A copy: a view would be stored with the whole buffer behind it.
    kv.put(key, sealed.slice(from, from + PIECE_BYTES));
  }
  kv.put(listKey(row, col), listed);
}

/** Puts a tile together again. */
export function readTile({ kv }: ObjectStorage, listed: ListedTile): SealedTile {
  const pieces = Array.from(kv.list<Uint8Array>({ prefix: piecePrefix(listed.row, listed.col) }), ([, piece]) => piece);
  return { ...listed, sealed: concatenate(pieces) };
}

/** Deletes a tile, if it is there. */
export function deleteTile({ kv }: ObjectStorage, row: number, col: number): void {
  kv.delete(listKey(row, col));
  const keys = Array.from(kv.list({ prefix: piecePrefix(row, col) }), ([key]) => key);
  for (const key of keys) kv.delete(key);
}
