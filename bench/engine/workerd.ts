/**
 * @module
 * The Worker that the benchmark times from outside: takes a network's file, then runs it once per request. Both runtimes are
 * those of the product.
 */
import * as z from "zod";
import { ortRuntime } from "../../src/edge/inference/ort/workerd.ts";
import type { NetworkRuntime } from "../../src/edge/inference/runtime.ts";
import { simdEngine } from "../../src/edge/inference/simd/workerd.ts";
import { specSchema } from "../../src/glam/spec.ts";

const querySchema = z.object({
  which: z.enum(["global", "local"]),
  runtime: z.enum(["ort", "simd"]),
  spec: z.string(),
});

/** Without the limit of an isolate, which onnxruntime-web exceeds with the released networks. */
const generous = 2048 * 2 ** 20;
const budget = 112 * 2 ** 20;

let run: ((input: Float32Array) => Promise<unknown>) | undefined;
let input = new Float32Array(0);

async function load(url: URL, file: Uint8Array): Promise<void> {
  const { which, runtime, spec: json } = querySchema.parse(Object.fromEntries(url.searchParams));
  const spec = specSchema.parse(JSON.parse(json));
  const chosen: NetworkRuntime = runtime === "ort" ? ortRuntime(generous) : simdEngine(budget);
  const network = await (which === "local" ? chosen.localNetwork(file, spec) : chosen.globalNetwork(file, spec));
  run = (values) => network.run(values);
}

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/load") await load(url, new Uint8Array(await request.arrayBuffer()));
    if (url.pathname === "/input") input = new Float32Array(await request.arrayBuffer());
    if (url.pathname === "/run") await run?.(input);
    return new Response("done");
  },
};
