import type { ObjectStorage } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bucket } from "./bucket-store.ts";
import { createSealedStore } from "./create-sealed-store.ts";
import type { SealedStore } from "./sealed-store.ts";

type Value = Uint8Array<ArrayBuffer>;

/** What survives a process, and the store of a new one. */
function world() {
  const rows = new Map<string, unknown>();
  const objects = new Map<string, Value>();
  const storage = {
    kv: {
      get: (key: string) => rows.get(key),
      put: (key: string, value: unknown) => void rows.set(key, value),
      delete: (key: string) => rows.delete(key),
      list: ({ prefix = "" } = {}) => [...rows].filter(([key]) => key.startsWith(prefix)).sort(),
    },
    transactionSync: <T>(work: () => T): T => work(),
    sync: async () => {},
  } as unknown as ObjectStorage;
  const bucket: Bucket = {
    put: async (key, bytes) => objects.set(key, bytes),
    get: async (key) => {
      const bytes = objects.get(key);
      return bytes ? { arrayBuffer: async () => bytes.slice().buffer } : null;
    },
    delete: async (keys) => {
      for (const key of keys) objects.delete(key);
    },
  };
  const process = (part: Partial<Bucket> = {}): SealedStore =>
    createSealedStore({ id: { toString: () => "ab".repeat(32) }, storage }, { ...bucket, ...part });
  return { rows, objects, bucket, storage, process };
}

const some = Uint8Array.of(1, 2, 3);
const fails = () => Promise.reject(new TypeError("unreachable"));
/** As a process that is killed while it waits. */
const killed = () => new Promise<never>(() => {});
const asIs = (key: string): string => key;

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

test("bytes come back until they are dropped; their name is the object's and random", async () => {
  const { rows, objects, process } = world();
  const store = process();
  const [one, other] = [await store.put(some, asIs), await store.put(some, asIs)];
  expect(one).toMatch(/^(?:ab){32}\/[0-9a-f-]{36}$/);
  expect(other).not.toBe(one);
  expect(await store.get(one)).toEqual(some);
  expect([rows.size, objects.size, store.due()]).toEqual([0, 2, undefined]);
  store.drop(one);
  expect(store.due()).toBe(Date.now() + 5_000);
  await store.sweep();
  expect([rows.size, objects.size, store.due()]).toEqual([0, 1, undefined]);
  expect(await store.get(one)).toBeUndefined();
});

test.each([true, false])(
  "a process that is killed with the object there (%s), and no row that holds it, leaves one that is swept",
  async (lands) => {
    const { rows, objects, bucket, process } = world();
    const put: Bucket["put"] = async (key, bytes) => {
      if (lands) await bucket.put(key, bytes);
      return killed();
    };
    void process({ put }).put(some, asIs);
    await vi.advanceTimersByTimeAsync(0);
    expect([rows.size, objects.size]).toEqual([1, lands ? 1 : 0]);
    const next = process();
    // It may still land.
    await next.sweep();
    expect(rows.size).toBe(1);
    vi.setSystemTime(next.due() ?? 0);
    await next.sweep();
    expect([rows.size, objects.size]).toEqual([0, 0]);
  },
);

test("a put that is slow in this process is not swept under its feet", async () => {
  const { objects, bucket, process } = world();
  const go = Promise.withResolvers<void>();
  const store = process({ put: (key, bytes) => go.promise.then(() => bucket.put(key, bytes)) });
  const put = store.put(some, asIs);
  await vi.advanceTimersByTimeAsync(0);
  vi.setSystemTime(store.due() ?? 0);
  await store.sweep();
  expect(store.due()).toBeGreaterThan(Date.now());
  go.resolve();
  const key = await put;
  await store.sweep();
  expect(store.due()).toBeUndefined();
  expect([...objects.keys()]).toEqual([key]);
});

test("a bucket that does not answer: nothing is committed; what is to be deleted is due again", async () => {
  const { rows, objects, process } = world();
  const busy = expect.objectContaining({ code: "busy", retryAfter: 30 });
  const broken = process({ put: fails, get: fails, delete: fails });
  const commit = vi.fn();
  await expect(broken.put(some, commit)).rejects.toEqual(busy);
  expect(commit).not.toHaveBeenCalled();
  const key = await process().put(some, asIs);
  await expect(broken.get(key)).rejects.toEqual(busy);
  broken.drop(key);
  await broken.sweep();
  expect(broken.due()).toBeGreaterThan(Date.now());
  vi.setSystemTime(Date.now() + 120_000);
  await process().sweep();
  expect([rows.size, objects.size]).toEqual([0, 0]);
});

test("rows that were stored before the bucket was bound are read and dropped where they are", async () => {
  const { rows, objects, storage, process } = world();
  const key = await createSealedStore({ id: "", storage }, undefined).put(some, asIs);
  const store = process();
  expect(await store.get(key)).toEqual(some);
  store.drop(key);
  expect([rows.size, objects.size, store.due()]).toEqual([0, 0, undefined]);
});
