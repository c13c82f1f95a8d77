/**
 * @module
 * How many uploads are open in the whole deployment: one Durable Object that keeps a random token and an end for each, and
 * nothing else. A place that is never given back ends by itself.
 */
import { DurableObject, type ObjectContext, type ObjectStorage } from "cloudflare:workers";
import type { UploadCounterStub } from "./protocol.ts";

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
    for (const [key, end] of [...kv.list<number>()]) {
      if (end > now) ends.push(end);
      else kv.delete(key);
    }
    const taken = ends.length < places;
    if (taken) kv.put(place, endsAt);
    return { taken, freeAt: Math.min(endsAt, ...ends) };
  }

  async release(place: string): Promise<void> {
    this.#storage.kv.delete(place);
  }
}
