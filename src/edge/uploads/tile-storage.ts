/**
 * @module
 * Tiles in a Durable Object's storage: one small entry that lists a tile, and its bytes in pieces. Keys order tiles by row,
 * then by column.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { deletePieces, readPieces, writePieces } from "./pieces.ts";
import type { SealedTile } from "./protocol.ts";

/** A tile without what is in it. */
export type ListedTile = Omit<SealedTile, "sealed">;

const place = (row: number, col: number): string => `${String(row).padStart(5, "0")}-${String(col).padStart(5, "0")}`;
const listKey = (row: number, col: number): string => `tile:${place(row, col)}`;
const piecePrefix = (row: number, col: number): string => `piece:${place(row, col)}:`;

/** All tiles, by row, then by column. */
export const listTiles = ({ kv }: ObjectStorage): ListedTile[] =>
  Array.from(kv.list<ListedTile>({ prefix: "tile:" }), ([, tile]) => tile);

/** Stores a tile where there is none. */
export function writeTile(storage: ObjectStorage, { sealed, ...listed }: SealedTile): void {
  writePieces(storage, piecePrefix(listed.row, listed.col), sealed);
  storage.kv.put(listKey(listed.row, listed.col), listed);
}

/** Puts a tile together again. */
export const readTile = (storage: ObjectStorage, listed: ListedTile): SealedTile => ({
  ...listed,
  sealed: readPieces(storage, piecePrefix(listed.row, listed.col)),
});

/** Deletes a tile, if it is there. */
export function deleteTile(storage: ObjectStorage, row: number, col: number): void {
  storage.kv.delete(listKey(row, col));
  deletePieces(storage, piecePrefix(row, col));
}
