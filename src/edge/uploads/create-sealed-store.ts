/**
 * @module
 * Where sealed bytes of a Durable Object lie: in rows of its own SQLite, or in a bucket (R2) where the deployment binds one.
 */
import type { ObjectContext } from "cloudflare:workers";
import { type Bucket, bucketStore, isBucketKey } from "./bucket-store.ts";
import { rowStore } from "./row-store.ts";
import type { SealedStore } from "./sealed-store.ts";

/** The store of one object. What was stored before the bucket was bound is found where it is. */
export function createSealedStore({ id, storage }: ObjectContext, bucket: Bucket | undefined): SealedStore {
  const rows = rowStore(storage);
  if (!bucket) return rows;
  const objects = bucketStore(storage, bucket, id.toString());
  const holder = (key: string): SealedStore => (isBucketKey(key) ? objects : rows);
  return { ...objects, get: (key) => holder(key).get(key), drop: (key) => holder(key).drop(key) };
}
