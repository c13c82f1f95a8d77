/**
 * @module
 * Asks until there is an answer: what an app does whose service is stopped and started again.
 */
import type { Ask } from "./upload-client.ts";

/** Refusals that say "later", and what comes of a process that was stopped. */
const later = [408, 429, 500, 502, 503, 504];

/** @param headers go with every request */
export const patientAsk =
  (url: () => URL, headers: Record<string, string> = {}): Ask =>
  async (path, init) => {
    for (let left = 600; ; left--) {
      try {
        const response = await fetch(new URL(path, url()), {
          ...init,
          headers: { ...headers, ...Object.fromEntries(new Headers(init?.headers)) },
          signal: AbortSignal.timeout(60_000),
        });
        // A body that breaks off is asked for again.
        const body = await response.arrayBuffer();
        const { status } = response;
        if (!later.includes(status) || left === 0) {
          return new Response(body.byteLength === 0 ? null : body, { status, headers: response.headers });
        }
      } catch (error) {
        if (left === 0) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
