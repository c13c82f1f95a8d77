/**
 * @module
 * A service for clients under test: its `fetch` is scripted, call by call.
 */
import { readFileSync } from "node:fs";
import type { Segmentation } from "../../src/contract/index.ts";
import { problems } from "../../src/glam/problem.ts";

/** The manifest of the fixture glam-tiny. */
export const tinyManifest: unknown = JSON.parse(
  readFileSync(new URL("../fixtures/models/glam-tiny/model.json", import.meta.url), "utf8"),
);

/** A whole answer of the service. */
export function answerFor(view: Segmentation["view"], benign: number, malignant = 0.5): Segmentation {
  return {
    id: "5f0c9b1e-94f4-4a6c-9d5f-0d5f3f1d1b7a",
    status: "complete",
    failedRegions: [],
    disclaimer: "Research use only. Not a medical device.",
    model: { name: "glam-tiny", version: "0.1.0", sha256: "0".repeat(64) },
    view,
    canvas: { height: 128, width: 96 },
    bits: 8,
    tiles: 1,
    scores: { benign, malignant, calibrated: false },
    regions: [],
    fusion: { kind: "published-mean", description: "" },
    warnings: [],
  };
}

/** One call as it came. */
export type Call = { method: string; path: string; headers: Headers; body: Uint8Array; signal: AbortSignal };

/** JSON with a status. */
export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });

/** A problem document. */
export const problem = (code: keyof typeof problems, headers: Record<string, string> = {}): Response =>
  json({ type: `/problems/${code}`, code, ...problems[code], detail: `Because of ${code}.` }, problems[code].status, {
    ...headers,
    "content-type": "application/problem+json",
  });

/** A stream of these events, in pieces of a few bytes. */
export function stream(events: [name: string, data: unknown][], cut = Number.POSITIVE_INFINITY): Response {
  const text = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(":\n\n");
  const bytes = new TextEncoder().encode(text).subarray(0, cut);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 7));
      at += 7;
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** What a `fetch` throws when there is no network. */
export const offline = (): never => {
  throw new TypeError("fetch failed");
};

/** A `fetch` that knows the model and leaves the rest to `answer`; `calls` are those that reached `answer`. */
export function fakeService(answer: (call: Call, index: number) => Response | Promise<Response>) {
  const calls: Call[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { method = "GET", headers, body, signal } = init;
    const path = new URL(url, "http://page.example").pathname;
    if (path === "/v1/models") return json({ models: [{ name: "glam-tiny", default: true }] });
    if (path.startsWith("/v1/models/")) return json({ sha256: "0".repeat(64), manifest: tinyManifest });
    const bytes = new Uint8Array(await new Response(body ?? null).arrayBuffer());
    const call = {
      method,
      path,
      headers: new Headers(headers),
      body: bytes,
      signal: signal ?? new AbortController().signal,
    };
    calls.push(call);
    return answer(call, calls.length - 1);
  };
  return { fetch, calls, url: "http://glam.example" };
}
