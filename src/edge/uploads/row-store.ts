/**
 * @module
 * Sealed bytes in rows of a Durable Object's SQLite, in pieces, because a value may have 2 MB at most.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { concatenate } from "../../bytes/concatenate.ts";
import type { SealedStore } from "./sealed-store.ts";

const PIECE_BYTES = 1024 * 1024;

const prefixOf = (key: string): string => `piece:${key}:`;

/** The store of the object that this storage belongs to. */
export function rowStore(storage: ObjectStorage): SealedStore {
  const { kv } = storage;
  return {
    async put(sealed, commit) {
      const key = crypto.randomUUID();
      return storage.transactionSync(() => {
        for (let piece = 0, from = 0; from < sealed.length; piece++, from += PIECE_BYTES) {
          // A copy: a view would be stored with the whole buffer behind it.
          kv.put(prefixOf(key) + String(piece).padStart(3, "0"), sealed.slice(from, from + PIECE_BYTES));
        }
        return commit(key);
      });
    },
    async get(key) {
      const pieces = Array.from(kv.list<Uint8Array>({ prefix: prefixOf(key) }), ([, piece]) => piece);
      return pieces.length === 0 ? undefined : concatenate(pieces);
    },
    drop(key) {
      const pieces = Array.from(kv.list({ prefix: prefixOf(key) }), ([piece]) => piece);
      for (const piece of pieces) kv.delete(piece);
    },
    due: () => undefined,
    sweep: async () => {},
  };
}
