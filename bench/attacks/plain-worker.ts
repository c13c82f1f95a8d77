/**
 * @module
 * A Worker that only reads bodies, behind the same servers: the platform's own cost of a connection.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BareWorker, convertV4MiniflareOptions, Miniflare } from "../../test/support/bare-worker.ts";

const script = `export default {
  async fetch({ body }) {
    let bytes = 0;
    for await (const piece of body) bytes += piece.byteLength;
    return new Response(String(bytes));
  },
};`;

/** Starts it in a process of its own. */
export async function startPlainWorker(): Promise<Omit<BareWorker, "kill">> {
  const directory = await mkdtemp(join(tmpdir(), "glam-plain-"));
  await writeFile(join(directory, "empty.txt"), "");
  const began = performance.now();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "plain",
      modules: true,
      script,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["enable_request_signal"],
      assets: {
        directory,
        binding: "ASSETS",
        routerConfig: { invoke_user_worker_ahead_of_assets: true, has_user_worker: true },
      },
    }),
  );
  const url = await miniflare.ready;
  return { url, startMs: performance.now() - began, stop: () => miniflare.dispose() };
}
