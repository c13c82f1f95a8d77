/**
 * @module
 * What every network runtime offers: a model file in, a network that can be run and released out.
 */

import type { RuntimeName } from "../../contract/manifest.ts";
import type { GlobalNetwork, LocalNetwork } from "../../glam/contracts.ts";
import type { Spec } from "../../glam/spec.ts";

/** A network that holds memory until it is released; running it afterwards is an error. */
export type Releasable<T> = T & { release(): Promise<void> };

/**
 * One runtime of one isolate. Calls must not overlap: wait for one promise before the next call, as the registry does.
 * All functions reject with a GlamError: `out-of-memory`, `model-damaged`, `runtime-missing` or `internal-error`.
 */
export interface NetworkRuntime {
  /** @param model bytes of the network's file */
  globalNetwork(model: Uint8Array, spec: Spec): Promise<Releasable<GlobalNetwork>>;
  localNetwork(model: Uint8Array, spec: Spec): Promise<Releasable<LocalNetwork>>;
}

/** Memory of the runtime in bytes; linear memory only grows, so `bytes` after a run is its peak. */
export type MemoryUse = { bytes: number; limit: number };

/** What an isolate runs networks with. */
export type IsolateRuntime = {
  runtime: NetworkRuntime;
  /** Runtimes that are built in. */
  available: readonly RuntimeName[];
  memory: () => MemoryUse;
};
