/**
 * @module
 * How many uploads are open in the whole deployment: one Durable Object that keeps a random token and an end for each, and
 * the secret that proves their identifiers. A place that is never given back ends by itself.
 */
import { DurableObject, type ObjectContext, type ObjectStorage } from "cloudflare:workers";
import type { UploadCounterStub } from "./protocol.ts";

const PLACE = "place:";
const SECRET = "secret";

/** See {@link UploadCounterStub} for the methods. */
export class UploadCounter extends DurableObject implements UploadCounterStub {
  readonly #storage: ObjectStorage;

  constructor(ctx: ObjectContext, env: unknown) {
    super(ctx, env);
    this.#storage = ctx.storage;
  }

  async take(place: string, endsAt: number, places: number): Promise<{ taken: boolean; freeAt: number }> {
    const { kv } = this.#storage;
    const now = Date.now();
    const ends: number[] = [];
    for (const [key, end] of [...kv.list<number>({ prefix: PLACE })]) {
      if (end > now) ends.push(end);
      else kv.delete(key);
    }
    const taken = ends.length < places;
    if (taken) kv.put(PLACE + place, endsAt);
    return { taken, freeAt: Math.min(endsAt, ...ends) };
  }

  async release(place: string): Promise<void> {
    this.#storage.kv.delete(PLACE + place);
  }

  async secret(): Promise<Uint8Array<ArrayBuffer>> {
    const { kv } = this.#storage;
    const known = kv.get<Uint8Array<ArrayBuffer>>(SECRET);
    if (known) return known;
    const made = crypto.getRandomValues(new Uint8Array(32));
    kv.put(SECRET, made);
    return made;
  }
}
