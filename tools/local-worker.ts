/**
 * @module
 * Starts the Worker in workerd on this machine, as `npm run dev` does, open, on a free port of the loopback interface.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { addPage } from "../page/assets.ts";
import { readManifest } from "./bundle/bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A running Worker. */
export type LocalWorker = { url: URL; stop(): Promise<void> };

export type LocalWorkerOptions = {
  /** A bundle's folder to serve instead of those in models/. */
  model?: string;
  /** `simd`: the Worker without onnxruntime-web. */
  build?: "default" | "simd";
  /** Variables over those of wrangler.toml, e.g. `{ FANOUT: "inline" }`. */
  vars?: Record<string, string>;
};

/** Each call starts its own workerd process, so two of them run on two cores. */
export async function startLocalWorker(options: LocalWorkerOptions = {}): Promise<LocalWorker> {
  // The start must not use the network.
  process.env.WRANGLER_SEND_METRICS ??= "false";
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  process.env.WRANGLER_LOG ??= "error";
  const { unstable_startWorker: startWorker } = await import("wrangler");
  const served = options.model === undefined ? undefined : await serveOneModel(options.model);
  const vars = { ACCESS: "open", ...(served ? { DEFAULT_MODEL: served.name } : {}), ...options.vars };
  const worker = await startWorker({
    config: join(root, options.build === "simd" ? "wrangler.simd.toml" : "wrangler.toml"),
    ...(served ? { assets: served.directory } : {}),
    bindings: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { type: "plain_text", value }])),
    // As in wrangler.toml, but from wherever this is called.
    build: { custom: { command: "npm run --silent build:page", workingDirectory: root } },
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      watch: false,
      logLevel: "error",
      persist: false,
    },
  });
  return {
    url: await worker.url,
    stop: async () => {
      await worker.dispose();
      if (served) await rm(served.directory, { recursive: true });
    },
  };
}

/**
 * Copies one bundle and the page into an assets folder of its own, as a deployment with only this model has it. The
 * bundle's folder may have any name: the model's name is the manifest's.
 * @throws GlamError `model-not-found`, `model-damaged`
 */
async function serveOneModel(model: string): Promise<{ name: string; directory: string }> {
  const { name } = await readManifest(model);
  const directory = await mkdtemp(join(tmpdir(), "glam-assets-"));
  await cp(model, join(directory, "models", name), { recursive: true });
  await writeFile(join(directory, "models/index.json"), JSON.stringify([name]));
  await addPage(directory);
  return { name, directory };
}
