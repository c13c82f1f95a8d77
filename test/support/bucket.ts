/**
 * @module
 * The bucket of a deployment in workerd, where one is bound, and what a Durable Object keeps in it.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/edge/isolate.ts";

type Listed = { objects: { key: string; customMetadata?: object; httpMetadata?: object }[]; truncated: boolean };

/** The binding as tests use it; undefined where none is bound. */
export const bucket = (env as Env).SEALED_BUCKET as
  | (NonNullable<Env["SEALED_BUCKET"]> & { list(options: { prefix: string }): Promise<Listed> })
  | undefined;

/** Names of what an object keeps in the bucket; `stub` is of the object, or has its identifier. */
export async function bucketKeys({ id }: { id: { toString(): string } }): Promise<string[]> {
  const { objects = [], truncated = false } = (await bucket?.list({ prefix: id.toString() })) ?? {};
  if (truncated) throw new Error("There are more than one list tells.");
  return objects.map(({ key }) => key);
}

/** The same with what is in it, as text. */
export async function bucketText(of: { id: { toString(): string } }): Promise<string> {
  const latin1 = new TextDecoder("latin1");
  const texts = (await bucketKeys(of)).map(
    async (key) => `${key}: ${latin1.decode(await (await bucket?.get(key))?.arrayBuffer())}`,
  );
  return (await Promise.all(texts)).join("\n");
}

/** What tests put in front of the bucket, for all objects of the isolate. */
export type Trouble = {
  /** Puts of the Durable Object of this stub wait. A flag: a promise must not be settled from one object to another. */
  held: unknown;
  /** How many have waited. */
  waiting: number;
  /** Calls that fail. */
  failing: "put" | "delete" | undefined;
};

/** Puts trouble in front of the bucket while `work` runs. @param stub any object that uses the bucket */
export async function withTrouble(stub: unknown, work: (trouble: Trouble) => Promise<void>): Promise<void> {
  const trouble: Trouble = { held: undefined, waiting: 0, failing: undefined };
  const own = await runInDurableObject(stub, (instance) => {
    const { SEALED_BUCKET } = (instance as { env: { SEALED_BUCKET: NonNullable<typeof bucket> } }).env;
    const put = SEALED_BUCKET.put.bind(SEALED_BUCKET);
    const remove = SEALED_BUCKET.delete.bind(SEALED_BUCKET);
    SEALED_BUCKET.put = async (key, bytes) => {
      if (trouble.failing === "put") throw new TypeError("unreachable");
      const waits = (): boolean =>
        trouble.held !== undefined && key.startsWith(String((trouble.held as { id: object }).id));
      if (waits()) trouble.waiting++;
      while (waits()) await new Promise((resolve) => setTimeout(resolve, 10));
      return put(key, bytes);
    };
    SEALED_BUCKET.delete = async (keys) => {
      if (trouble.failing === "delete") throw new TypeError("unreachable");
      return remove(keys);
    };
    return () => Object.assign(SEALED_BUCKET, { put, delete: remove });
  });
  try {
    await work(trouble);
  } finally {
    own();
  }
}
