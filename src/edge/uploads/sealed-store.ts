/**
 * @module
 * Where sealed bytes of a Durable Object lie: in rows of its own SQLite, or in a bucket (R2) where the deployment binds one.
 * Either way a row of the object holds the key of each, and whoever removes that row drops the key.
 */
import type { ObjectContext } from "cloudflare:workers";
import { type Bucket, bucketStore, isBucketKey } from "./bucket-store.ts";
import { rowStore } from "./row-store.ts";

/** See {@link createSealedStore}; times in milliseconds since the epoch. */
export type SealedStore = {
  /**
   * Stores bytes, then calls `commit` in a transaction: it writes the row that holds the key, or drops the key.
   * @throws GlamError `busy` when the bucket does not answer; `commit` is not called then
   */
  put<T>(sealed: Uint8Array<ArrayBuffer>, commit: (key: string) => T): Promise<T>;
  /** @returns undefined when nothing is there @throws GlamError `busy` */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Gives bytes up, in the transaction that removes their row. */
  drop(key: string): void;
  /** When `sweep` has something to do; undefined when nothing of what was given up is left. */
  due(): number | undefined;
  /** Deletes what was given up. Never throws: what cannot be deleted now is due later. */
  sweep(): Promise<void>;
};

/** The store of one object. What was stored before the bucket was bound is found where it is. */
export function createSealedStore({ id, storage }: ObjectContext, bucket: Bucket | undefined): SealedStore {
  const rows = rowStore(storage);
  if (!bucket) return rows;
  const objects = bucketStore(storage, bucket, id.toString());
  const holder = (key: string): SealedStore => (isBucketKey(key) ? objects : rows);
  return { ...objects, get: (key) => holder(key).get(key), drop: (key) => holder(key).drop(key) };
}
