/**
 * @module
 * Model bundles from static assets: `/index.json`, `/<name>/model.json`, `/<name>/<file>`.
 */
import type { ModelStore } from "./store.ts";

/** What a static assets binding offers. */
export type AssetFetcher = { fetch(input: string | Request): Promise<Response> };

/**
 * @param assets the assets binding, e.g. `env.ASSETS`
 * @param base folder of the bundles inside the assets, default the root
 */
export declare function assetStore(assets: AssetFetcher, base?: string): ModelStore;
