/**
 * @module
 * The transport that the deployment's settings ask for.
 */
import { type CropNamespace, type CropStub, durableObjectTransport } from "./durable-object.ts";
import { httpsTransport } from "./https.ts";
import { inlineTransport } from "./inline.ts";
import { serviceBindingTransport } from "./service-binding.ts";
import type { CropService, Transport } from "./transport.ts";

/** The settings that choose it, and the bindings it may need. */
export type TransportOptions = {
  name: Transport["name"];
  shards: number;
  urls: readonly string[];
  token: string | undefined;
  namespace: CropNamespace | undefined;
  binding: CropStub | undefined;
};

/**
 * Makes the transport.
 * @param service the isolate's own crop service, for `inline`
 * @throws Error when the binding it needs is missing
 */
export function createTransport(options: TransportOptions, service: CropService): Transport {
  switch (options.name) {
    case "durable-object":
      if (!options.namespace) throw new Error("FANOUT=durable-object needs the binding CROP_SHARDS.");
      return durableObjectTransport(options.namespace, options.shards);
    case "service-binding":
      if (!options.binding) throw new Error("FANOUT=service-binding needs the binding CROPS.");
      return serviceBindingTransport(options.binding);
    case "https":
      return httpsTransport(options);
    case "inline":
      return inlineTransport(service);
  }
}
