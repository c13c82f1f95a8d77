/**
 * @module
 * The networks of one isolate: loaded once, run one at a time, and only one model's at a time.
 */

import type { Manifest } from "../../contract/manifest.ts";
import type { GlobalNetwork, LocalNetwork } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import type { NetworkRuntime, Releasable } from "../inference/runtime.ts";
import { type ChooseFile, preferredFile } from "./choose-runtime.ts";
import { createExclusive } from "./exclusive.ts";
import { createLoadLease } from "./load-lease.ts";
import type { ModelStore } from "./store.ts";

/** Create one per isolate, at module level. Handles never go stale: a run loads its network again if it was evicted. */
export type ModelRegistry = {
  list(): Promise<string[]>;
  /** @throws GlamError `model-not-found`, `model-damaged` */
  manifest(name: string): Promise<Manifest>;
  /** Loads the network if needed. @throws GlamError `model-not-found`, `model-damaged`, `runtime-missing`, `out-of-memory`, `busy` */
  globalNetwork(name: string): Promise<GlobalNetwork>;
  localNetwork(name: string): Promise<LocalNetwork>;
};

/** Networks of one kind: the open one of the current model, and how to make one. */
type Shelf<N> = {
  which: "global" | "local";
  open: { model: string; network: Releasable<N> } | undefined;
  create(bytes: Uint8Array, manifest: Manifest): Promise<Releasable<N>>;
};

/**
 * @param choose which of a network's files is loaded
 * @example const registry = createRegistry(assetStore(env.ASSETS), ortRuntime(limit));
 */
export function createRegistry(
  store: ModelStore,
  runtime: NetworkRuntime,
  choose: ChooseFile = preferredFile,
): ModelRegistry {
  const manifests = new Map<string, Manifest>();
  const exclusive = createExclusive();
  const lease = createLoadLease();
  const globals: Shelf<GlobalNetwork> = {
    which: "global",
    open: undefined,
    create: (bytes, { spec }) => runtime.globalNetwork(bytes, spec),
  };
  const locals: Shelf<LocalNetwork> = {
    which: "local",
    open: undefined,
    create: (bytes, { spec }) => runtime.localNetwork(bytes, spec),
  };

  async function manifest(name: string): Promise<Manifest> {
    const known = manifests.get(name) ?? (await store.manifest(name));
    manifests.set(name, known);
    return known;
  }

  /** Frees the networks of every model but `keep`; only inside `exclusive`. */
  async function evict(keep?: string): Promise<void> {
    for (const shelf of [globals, locals]) {
      if (!shelf.open || shelf.open.model === keep) continue;
      const { network } = shelf.open;
      shelf.open = undefined;
      await network.release();
    }
  }

  /** Runs `work` on the network, alone; loads it before if need be. */
  async function use<N, T>(shelf: Shelf<N>, name: string, work: (network: N) => Promise<T>): Promise<T> {
    const known = await manifest(name);
    const isOpen = () => shelf.open?.model === name;
    for (;;) {
      if (!isOpen()) await lease(`${shelf.which} ${name}`, isOpen, () => load(shelf, known));
      const outcome = await exclusive(async () => {
        const { open } = shelf;
        // Another model may have taken the place meanwhile.
        if (open?.model !== name) return undefined;
        return { value: await freeingMemory(() => work(open.network)) };
      });
      if (outcome) return outcome.value;
    }
  }

  async function load<N>(shelf: Shelf<N>, known: Manifest): Promise<void> {
    const bytes = await store.network(known, shelf.which, choose(known, shelf.which));
    await exclusive(async () => {
      if (shelf.open?.model === known.name) return;
      await evict(known.name);
      const network = await freeingMemory(() => shelf.create(bytes, known));
      shelf.open = { model: known.name, network };
    });
  }

  /** Releases all networks when memory runs out, so that a model that fits finds it empty; only inside `exclusive`. */
  async function freeingMemory<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GlamError && error.code === "out-of-memory") await evict().catch(() => undefined);
      throw error;
    }
  }

  return {
    list: () => store.list(),
    manifest,
    async globalNetwork(name) {
      // The runtime's, not the network's: it outlives an eviction.
      const arithmetic = await use(globals, name, async (network) => network.arithmetic);
      return { run: (image) => use(globals, name, (network) => network.run(image)), arithmetic };
    },
    async localNetwork(name) {
      await use(locals, name, async () => undefined);
      return { run: (crop, band) => use(locals, name, (network) => network.run(crop, band)) };
    },
  };
}
