/**
 * @module
 * Inspects and ages the Durable Objects of uploads, in workerd only.
 */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/edge/isolate.ts";
import { counterName } from "../../src/edge/uploads/protocol.ts";
import { deriveSeal } from "../../src/edge/uploads/tile-seal.ts";
import { bucketKeys, bucketText } from "./bucket.ts";

const { UPLOADS, UPLOAD_COUNTER } = env as Env;
if (!UPLOADS || !UPLOAD_COUNTER) throw new Error("wrangler.toml has no bindings for uploads.");

/** The namespace of uploads. */
export const uploadObjects = UPLOADS;

/** The object of an upload that was opened without an API key. */
export const objectOf = async (id: string) => UPLOADS.getByName((await deriveSeal(id, "")).objectName);

const counter = () => UPLOAD_COUNTER.getByName(counterName);

/** Keys, those in the bucket included, and alarm of an upload's object. */
export const storedIn = async (id: string): Promise<{ keys: string[]; alarm: number | null }> =>
  runInDurableObject(await objectOf(id), async (_, { id, storage }) => ({
    keys: [...Array.from(storage.kv.list(), ([key]) => key), ...(await bucketKeys({ id }))],
    alarm: await storage.getAlarm(),
  }));

/** How many places of uploads are taken. */
export const placesTaken = (): Promise<number> =>
  runInDurableObject(counter(), (_, { storage }) => [...storage.kv.list({ prefix: "place:" })].length);

/** Changes the stored session of an upload's object, e.g. `{ expiresAt: 0 }`. */
export const amend = async (id: string, change: object): Promise<void> =>
  runInDurableObject(await objectOf(id), (_, { storage }) => {
    storage.kv.put("session", { ...storage.kv.get<object>("session"), ...change });
  });

/** Runs the alarm of an upload's object now. @returns whether there was one */
export const ring = async (id: string): Promise<boolean> => runDurableObjectAlarm(await objectOf(id));

/** Everything that an upload's object stores, in the bucket too, as text. */
export const dumped = async (id: string): Promise<string> =>
  runInDurableObject(await objectOf(id), async (_, { id, storage }) => {
    const latin1 = new TextDecoder("latin1");
    const rows = Array.from(storage.kv.list(), ([key, value]) =>
      value instanceof Uint8Array ? `${key}: ${latin1.decode(value)}` : `${key}: ${JSON.stringify(value)}`,
    );
    return [...rows, await bucketText({ id })].join("\n");
  });
