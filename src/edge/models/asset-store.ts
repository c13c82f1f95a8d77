/**
 * @module
 * Model bundles from static assets: `/index.json` (the names as an array, the default model first),
 * `/<name>/model.json`, `/<name>/<file>`. A bundle that the index does not list is not served.
 */
import type * as z from "zod";
import { sha256Hex } from "../../bytes/hex.ts";
import { type Manifest, manifestSchema, modelIndexSchema, type NetworkFile } from "../../contract/manifest.ts";
import { GlamError } from "../../glam/problem.ts";
import type { ModelStore } from "./store.ts";

/** What a static assets binding offers. */
export type AssetFetcher = { fetch(input: string | Request): Promise<Response> };

const damaged = (detail: string, cause?: unknown) => new GlamError("model-damaged", detail, { cause });

/**
 * @param assets the assets binding, e.g. `env.ASSETS`
 * @param base folder of the bundles inside the assets, default the root
 * @example const store = assetStore(env.ASSETS); await store.manifest("glam-1536x1024");
 */
export function assetStore(assets: AssetFetcher, base = ""): ModelStore {
  /** The host is never resolved; a binding wants a whole URL. Undefined when there is no such asset. */
  async function get(path: string): Promise<Response | undefined> {
    const response = await assets.fetch(`https://assets.invalid${base}/${path}`);
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw damaged(`The model's ${path} answers with status ${response.status}.`);
  }

  async function getJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const response = await get(path);
    if (!response) return undefined;
    try {
      return schema.parse(await response.json());
    } catch (cause) {
      throw damaged(`The model's ${path} does not follow its schema.`, cause);
    }
  }

  const list = async () => (await getJson("index.json", modelIndexSchema)) ?? [];

  async function manifest(name: string): Promise<Manifest> {
    // The name may be anything, so it becomes part of a URL only when it is listed, and is not repeated.
    const found = (await list()).includes(name) ? await getJson(`${name}/model.json`, manifestSchema) : undefined;
    if (!found) throw new GlamError("model-not-found", "There is no model of this name; GET /v1/models lists them.");
    if (found.name !== name) throw damaged(`The model's ${name}/model.json is the manifest of another model.`);
    return found;
  }

  async function network(
    { name, networks }: Manifest,
    which: "global" | "local",
    { file }: NetworkFile = networks[which],
  ): Promise<Uint8Array<ArrayBuffer>> {
    const path = `${name}/${file.path}`;
    const response = await get(path);
    if (!response) throw damaged(`The model's ${path} is missing.`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== file.bytes || (await sha256Hex(bytes)) !== file.sha256) {
      throw damaged(`The model's ${path} is not the file that its manifest describes. Deploy the bundle again.`);
    }
    return bytes;
  }

  return { list, manifest, network };
}
