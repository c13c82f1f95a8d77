/**
 * @module
 * Transport `durable-object`: crops run in Durable Objects, which Cloudflare places in isolates and on threads of their
 * own. An object's name is its number; nothing about an image or a patient is ever in a name.
 */
import type { Transport } from "./transport.ts";

/** The RPC method of a shard or of the crop entrypoint. */
export type CropStub = { segment(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> };

/** What a namespace of Durable Objects offers. */
export type CropNamespace = { getByName(name: string): CropStub };

/** A transport over `shards` objects. */
export const durableObjectTransport = (namespace: CropNamespace, shards: number): Transport => ({
  name: "durable-object",
  targets: shards,
  send: (target, message, signal) => namespace.getByName(`shard-${target}`).segment(message, signal),
});
