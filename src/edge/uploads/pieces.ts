/**
 * @module
 * Bytes in a Durable Object's storage, in pieces, because a value may have 2 MB at most.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { concatenate } from "../../bytes/concatenate.ts";

const PIECE_BYTES = 1024 * 1024;

/** Stores bytes where there are none. */
export function writePieces({ kv }: ObjectStorage, prefix: string, bytes: Uint8Array): void {
  for (let piece = 0, from = 0; from < bytes.length; piece++, from += PIECE_BYTES) {
    // A copy: a view would be stored with the whole buffer behind it.
    kv.put(`${prefix}${String(piece).padStart(3, "0")}`, bytes.slice(from, from + PIECE_BYTES));
  }
}

/** Puts bytes together again; none where nothing is. */
export const readPieces = ({ kv }: ObjectStorage, prefix: string): Uint8Array<ArrayBuffer> =>
  concatenate(Array.from(kv.list<Uint8Array>({ prefix }), ([, piece]) => piece));

/** Deletes bytes, if they are there. */
export function deletePieces({ kv }: ObjectStorage, prefix: string): void {
  const keys = Array.from(kv.list({ prefix }), ([key]) => key);
  for (const key of keys) kv.delete(key);
}
