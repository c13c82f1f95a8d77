/**
 * @module
 * A look into the Durable Objects of exams, in workerd only.
 */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { callerAccess } from "../../src/edge/exams/exam-keys.ts";
import { examCounterName } from "../../src/edge/exams/protocol.ts";
import type { Env } from "../../src/edge/isolate.ts";
import { bucketKeys, bucketText } from "./bucket.ts";

const { EXAMS, UPLOAD_COUNTER } = env as Env;
if (!EXAMS || !UPLOAD_COUNTER) throw new Error("wrangler.toml has no bindings for exams.");

/** The object of an exam that was opened without an API key. */
export const examObject = async (id: string) => EXAMS.getByName((await callerAccess(id, "")).object);

/** Keys, those in the bucket included, and alarm of an exam's object. */
export const storedExam = async (id: string): Promise<{ keys: string[]; alarm: number | null }> =>
  runInDurableObject(await examObject(id), async (_, { id, storage }) => ({
    keys: [...Array.from(storage.kv.list(), ([key]) => key), ...(await bucketKeys({ id }))],
    alarm: await storage.getAlarm(),
  }));

/** Runs the alarm of an exam's object now, after a change to its record; webhooks are due. */
export async function ringExam(id: string, change: object = {}): Promise<void> {
  const object = await examObject(id);
  await runInDurableObject(object, (_, { storage: { kv } }) => {
    kv.put("record", { ...kv.get<object>("record"), ...change });
    for (const [key, hook] of [...kv.list<object>({ prefix: "hook:" })]) kv.put(key, { ...hook, due: 0 });
  });
  await runDurableObjectAlarm(object);
}

/** How many places of exams are taken. */
export const examPlaces = (): Promise<number> =>
  runInDurableObject(
    UPLOAD_COUNTER.getByName(examCounterName),
    (_, { storage }) => [...storage.kv.list({ prefix: "place:" })].length,
  );

/** Everything that an exam's object stores, in the bucket too, as text. */
export const dumpedExam = async (id: string): Promise<string> =>
  runInDurableObject(await examObject(id), async (_, { id, storage }) => {
    const latin1 = new TextDecoder("latin1");
    const rows = Array.from(storage.kv.list(), ([key, value]) =>
      value instanceof Uint8Array ? `${key}: ${latin1.decode(value)}` : `${key}: ${JSON.stringify(value)}`,
    );
    return [...rows, await bucketText({ id })].join("\n");
  });
