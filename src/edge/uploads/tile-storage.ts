/**
 * @module
 * Which tiles an upload has: one row each, with the key of its sealed bytes. Rows are in the order of tiles by row, then by
 * column.
 */
import type { ObjectStorage } from "cloudflare:workers";
import type { SealedTile } from "./protocol.ts";
import type { SealedStore } from "./sealed-store.ts";

/** A tile without what is in it. */
export type ListedTile = Omit<SealedTile, "sealed"> & { key: string };

const TILE = "tile:";
const rowOf = ({ row, col }: Pick<SealedTile, "row" | "col">): string =>
  `${TILE}${String(row).padStart(5, "0")}-${String(col).padStart(5, "0")}`;

/** All tiles, by row, then by column. */
export const listTiles = ({ kv }: ObjectStorage): ListedTile[] =>
  Array.from(kv.list<ListedTile>({ prefix: TILE }), ([, tile]) => tile);

/** Lists a tile, in the place of another one if there is one. In a transaction. */
export function listTile({ kv }: ObjectStorage, bytes: SealedStore, tile: ListedTile): void {
  const other = kv.get<ListedTile>(rowOf(tile));
  if (other) bytes.drop(other.key);
  kv.put(rowOf(tile), tile);
}

/** Gives all tiles up. In a transaction. */
export function dropTiles(storage: ObjectStorage, bytes: SealedStore): void {
  for (const tile of listTiles(storage)) {
    bytes.drop(tile.key);
    storage.kv.delete(rowOf(tile));
  }
}
