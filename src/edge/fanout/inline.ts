/**
 * @module
 * Transport `inline`: this isolate runs every crop itself, one after the other. For development and small models.
 */
import type { CropService, Transport } from "./transport.ts";

/** A transport within the isolate. */
export const inlineTransport = (service: CropService): Transport => ({
  name: "inline",
  targets: 1,
  send: (_target, message, signal) => service(message, signal),
});
