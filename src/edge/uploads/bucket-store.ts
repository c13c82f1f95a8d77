/**
 * @module
 * Sealed bytes as objects of a bucket (R2), without metadata, named by a hash of the Durable Object's name and random bits.
 * Each object has a row in the Durable Object: that of whoever holds its key, or one of this store, which says that it is to
 * be deleted. The latter is on the disk before the object is put, so whenever a process is killed, nothing is forgotten.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { GlamError } from "../../glam/problem.ts";
import type { SealedStore } from "./sealed-store.ts";

/** What is needed of a binding to R2. */
export type Bucket = {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  /** At most 1,000; those that are not there do no harm. */
  delete(keys: string[]): Promise<void>;
};

/** An object whose put was cut off may still arrive for a while. */
const LANDING_MS = 60_000;
/** How long a sweep is waited for, and the pause after the bucket did not delete. */
const RETRY_MS = 5_000;
const MOST_KEYS = 1_000;

/** Rows of keys that nobody holds; the value is when to delete the object. */
const UNHELD = "unheld:";

/** Keys of rows have no slash. */
export const isBucketKey = (key: string): boolean => key.includes("/");

/** @param name of the Durable Object: a hash, 64 hexadecimal digits */
export function bucketStore(storage: ObjectStorage, bucket: Bucket, name: string): SealedStore {
  const { kv } = storage;
  /** Puts that are under way in this process. */
  const landing = new Set<string>();
  const unheld = (): [string, number][] =>
    Array.from(kv.list<number>({ prefix: UNHELD }), ([row, due]) => [row.slice(UNHELD.length), due]);

  return {
    async put(sealed, commit) {
      const key = `${name}/${crypto.randomUUID()}`;
      landing.add(key);
      try {
        kv.put(UNHELD + key, Date.now() + LANDING_MS);
        await storage.sync();
        await answered(bucket.put(key, sealed));
        return storage.transactionSync(() => {
          kv.delete(UNHELD + key);
          return commit(key);
        });
      } finally {
        landing.delete(key);
      }
    },
    async get(key) {
      const found = await answered(bucket.get(key));
      return found ? new Uint8Array(await answered(found.arrayBuffer())) : undefined;
    },
    drop: (key) => kv.put(UNHELD + key, Date.now()),
    due() {
      const times = unheld().map(([, due]) => due);
      return times.length === 0 ? undefined : Math.max(Math.min(...times), Date.now() + RETRY_MS);
    },
    async sweep() {
      const now = Date.now();
      const due = unheld().filter(([, at]) => at <= now);
      for (const [key] of due) if (landing.has(key)) kv.put(UNHELD + key, now + LANDING_MS);
      const keys = due.flatMap(([key]) => (landing.has(key) ? [] : [key]));
      for (let first = 0; first < keys.length; first += MOST_KEYS) {
        const some = keys.slice(first, first + MOST_KEYS);
        const deleted = await bucket.delete(some).then(
          () => true,
          () => false,
        );
        for (const key of some) {
          if (deleted) kv.delete(UNHELD + key);
          else kv.put(UNHELD + key, Date.now() + RETRY_MS);
        }
      }
    },
  };
}

/** @throws GlamError `busy` */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new GlamError("busy", "The bucket did not answer. Try again in half a minute.", { retryAfter: 30, cause });
  }
}
