/**
 * @module
 * A runtime in a workerd process of its own, timed from outside: a Worker cannot time itself.
 */
import { fileURLToPath } from "node:url";
import type { BenchModel } from "./model.ts";
import type { Peer } from "./peer.ts";

const config = fileURLToPath(new URL("wrangler.toml", import.meta.url));

const names = {
  ort: "ort-web in workerd",
  "ort-int8": "ort-web-int8 in workerd",
  simd: "engine in workerd",
} as const;

/** A peer, and how long its isolate took from the start of the process's first request to its first answer. */
export type WorkerdPeer = Peer & { coldStart: number };

/** @param runtime onnxruntime-web in float32 or quantised, or the engine */
export async function workerdPeer(model: BenchModel, runtime: keyof typeof names): Promise<WorkerdPeer> {
  process.env.WRANGLER_SEND_METRICS ??= "false";
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  const { unstable_startWorker: startWorker } = await import("wrangler");
  const dev = {
    server: { hostname: "127.0.0.1", port: 0 },
    inspector: false,
    watch: false,
    logLevel: "error",
    persist: false,
  };
  const worker = await startWorker({ config, dev: { ...dev, inspector: false, logLevel: "error" } });
  const base = await worker.url;
  const post = async (path: string, body?: Uint8Array | Float32Array) => {
    const response = await fetch(new URL(path, base), { method: "POST", body: body as BodyInit | undefined });
    if (!response.ok) throw new Error(`the Worker answers ${path.split("?")[0]} with status ${response.status}`);
    await response.text();
  };
  const run = async () => {
    const start = performance.now();
    await post("/run");
    return performance.now() - start;
  };
  const query = new URLSearchParams({
    which: model.which,
    runtime: runtime === "simd" ? "simd" : "ort",
    spec: JSON.stringify(model.spec),
  });
  await post("/input", model.input);
  const files = { ort: () => model.onnx, "ort-int8": () => model.quantised(), simd: () => model.weights };
  const file = await files[runtime]();
  const start = performance.now();
  await post(`/load?${query}`, file);
  const loaded = performance.now() - start;
  const coldStart = loaded + (await run());
  return { name: names[runtime], coldStart, run, close: () => worker.dispose() };
}
