/**
 * @module
 * The networks of one isolate: loaded once, run one at a time, and only one model's at a time.
 */
import type { GlobalNetwork, LocalNetwork } from "../glam/contracts.ts";
import type { NetworkRuntime } from "../inference/runtime.ts";
import type { Manifest } from "./manifest.ts";
import type { ModelStore } from "./store.ts";

/** Create one per isolate, at module level. Handles never go stale: a run loads its network again if it was evicted. */
export type ModelRegistry = {
  list(): Promise<string[]>;
  manifest(name: string): Promise<Manifest>;
  /** Loads the network if need be. @throws GlamError `model-not-found`, `model-damaged`, `out-of-memory` */
  globalNetwork(name: string): Promise<GlobalNetwork>;
  localNetwork(name: string): Promise<LocalNetwork>;
};

/** @example const registry = createRegistry(assetStore(env.ASSETS), ortRuntime(limit)); */
export declare function createRegistry(store: ModelStore, runtime: NetworkRuntime): ModelRegistry;
