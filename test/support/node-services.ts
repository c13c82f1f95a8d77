/**
 * @module
 * The API's services in Node: the fixture bundle, its runtimes, crops inline.
 */
import { readFile } from "node:fs/promises";
import { manifestSchema } from "../../src/contract/manifest.ts";
import { createServices, type ServiceParts, type Services } from "../../src/edge/api/services.ts";
import { readSettings } from "../../src/edge/api/settings.ts";
import { inlineTransport } from "../../src/edge/fanout/inline.ts";
import type { ModelRegistry } from "../../src/edge/models/registry.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { toolRuntime } from "../../tools/engine/tool-runtime.ts";

const folder = new URL("../fixtures/models/glam-tiny/", import.meta.url);

/** The fixture's networks, loaded once. */
export async function tinyRegistry(): Promise<ModelRegistry> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(new URL("model.json", folder), "utf8")));
  const read = (which: "global" | "local") => readFile(new URL(manifest.networks[which].file.path, folder));
  const global = await toolRuntime.globalNetwork(await read("global"), manifest.spec);
  const local = await toolRuntime.localNetwork(await read("local"), manifest.spec);
  const known = <T>(name: string, value: T): T => {
    if (name !== manifest.name) throw new GlamError("model-not-found", "There is no such model.");
    return value;
  };
  return {
    list: async () => [manifest.name],
    manifest: async (name) => known(name, manifest),
    globalNetwork: async (name) => known(name, global),
    localNetwork: async (name) => known(name, local),
  };
}

/** Services of an open deployment over a registry, with variables and parts of one's own. */
export function nodeServices(
  registry: ModelRegistry,
  variables: Record<string, string> = {},
  parts: Partial<ServiceParts> = {},
): Services & { lines: string[] } {
  const lines: string[] = [];
  const services = createServices({
    settings: readSettings({ ACCESS: "open", ...variables }),
    registry,
    memory: () => ({ bytes: 0, limit: 1 }),
    rateLimiter: undefined,
    assets: { fetch: async () => new Response(null, { status: 404 }) },
    sessions: undefined,
    exams: undefined,
    log: (line) => lines.push(line),
    transport: inlineTransport,
    ...parts,
  });
  return { ...services, lines };
}
