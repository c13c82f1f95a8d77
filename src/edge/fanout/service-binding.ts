/**
 * @module
 * Transport `service-binding`: crops run in another invocation behind a service binding. Cloudflare runs it on the
 * caller's thread, so it isolates failures and CPU limits but is no faster than `inline`.
 */
import type { CropStub } from "./durable-object.ts";
import type { Transport } from "./transport.ts";

/** A transport over one binding. */
export const serviceBindingTransport = (binding: CropStub): Transport => ({
  name: "service-binding",
  targets: 1,
  send: (_target, message, signal) => binding.segment(message, signal),
});
